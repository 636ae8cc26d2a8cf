/** What `--help` prints. */

export const generalHelp = `tblock: transformer blocks as equations, checked and run

  tblock check FILE…    check names and shapes
  tblock fmt FILE…      format files
  tblock run FILE       run a file and print what it gives
  tblock import hf DIR  write the program of a Hugging Face checkpoint

  --help                this text; after a command, the options of that command
  --version             the version

Exit codes: 0 clean (warnings are allowed), 1 errors in the file or a failed expect,
2 wrong use or an input that cannot be read, 130 stopped with Ctrl+C.
`;

export const checkHelp = `tblock check FILE… [--format text|json|sarif|github]

Checks every file without running it and prints each finding as
file:line:column: severity code message.

  --format text     for people (as a rule)
  --format json     one JSON object
  --format sarif    SARIF 2.1.0, for code scanning
  --format github   annotations for GitHub Actions
`;

export const formatHelp = `tblock fmt FILE… [--check]

Formats files, and every .tblock file in folders, as the editor does; prints the names of those
that changed. A declaration with a syntax error stays as it is, and the exit code is then 1.

  --check           change nothing; exit with 1 where a file is not formatted
`;

export const runHelp = `tblock run FILE [options]

Runs the file's first run; where it has none, its first model, else its first block.

  --run NAME          that run
  --all               every run of the file, and whether what it expects holds
  --model NAME        that model or block as it stands, without a run's settings
  --dims N=12,d=64    values of dims, in place of the file's
  --seed 42           the seed of all random values
  --generate 20       let the model add so many tokens to its input
  --backend NAME      auto, gpu, cpu, or reference (plain float64 loops)
  --weights W         a safetensors file, or the name of a mapping in the file;
                      a mapping that the run names already is applied to the file
  --print PATH…       also print these values, as NumPy prints arrays
  --json              print one JSON object instead of text
  --save FILE         write inputs and intermediates to a safetensors file
  --keep GLOB…        with --save: write these instead, parameters included;
                      * is a part of a path, ** any number of parts
`;

export const importHelp = `tblock import hf DIR [--out FILE] [--force]

Reads config.json, the header of the weights and the tokenizer of a folder as Hugging Face
has it, and writes a program: dims, blocks, model, weight mapping and a run. What config.json
asks for and the program lacks is said, also at the top of the file.

  --out FILE    where to write it, - for the output; DIR/NAME.tblock as a rule, NAME that of DIR
  --force       replace a file that is there already
`;
