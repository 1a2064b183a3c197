/** A child that is ready at once and prints by how much its clock was moved: at its start, then at each message. */
process.stdout.write(`started ${process.argv[2]} ${process.env.GIVEN}\n`);
process.on('message', ({ skip }) => process.stdout.write(`skipped ${skip}\n`));
process.send({ ready: true });
