/** Which slash commands a text may become. Pure. */

/** Commands that the text may become; none once arguments have begun. */
export const matching = (commands, text) =>
  /^\/\S*$/.test(text) ? commands.filter((one) => one.command.startsWith(text.toLowerCase())) : [];

/** The command whose arguments are being typed. */
export const begun = (commands, text) => commands.find((one) => text.toLowerCase().startsWith(`${one.command} `));
