# docker build -t registry.example.com/rollback-bot:0.1.0 .
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts
COPY src ./src
USER node
CMD ["node", "src/main.ts"]
