// typescript as a library: programs, diagnostics, transforms, the language service.
'use strict';
const ts = require('typescript');

const source = 'enum Kind { A, B = "b".length }\nexport class Box<T extends object> { constructor(private readonly value: T, public kind?: Kind) {} get(): T { return this.value; } }\nconst n: number = "text";\nexport const box = new Box({ a: 1 }).get().b;\n';
console.log(ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, sourceMap: true } }).outputText);
const host = ts.createCompilerHost({});
const { getSourceFile } = host;
host.getSourceFile = (name, ...rest) => (name === 'in.ts' ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022, true) : getSourceFile.call(host, name, ...rest));
const program = ts.createProgram(['in.ts'], { noEmit: true, strict: true, types: [], target: ts.ScriptTarget.ES2022 }, host);
for (const it of ts.getPreEmitDiagnostics(program)) console.log(it.code, ts.flattenDiagnosticMessageText(it.messageText, '\n'), it.file && it.file.getLineAndCharacterOfPosition(it.start));
const checker = program.getTypeChecker();
ts.forEachChild(program.getSourceFile('in.ts'), (node) => { if (node.name) console.log(ts.SyntaxKind[node.kind], checker.typeToString(checker.getTypeAtLocation(node.name))); });
