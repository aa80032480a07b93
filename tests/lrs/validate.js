// Says what is wrong with each statement on standard input (a JSON list), one line each.
const { join } = require("node:path");
const validate = require(join(process.argv[2])).default;
const statements = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
for (const one of statements) for (const warning of validate(one)) console.log(`${one.id}: ${JSON.stringify(warning)}`);
console.error(statements.length);
