// What the packages of npm read in the files of an SP-404SX card, as JSON: { pads, samples: { name: { format, roland, data } } }.
// Usage: node read_files.js NODE_MODULES FOLDER
const fs = require('fs');
const path = require('path');

const [modules, folder] = process.argv.slice(2);
const { AudioPadInfo } = require(path.join(modules, '@uttori/audio-padinfo'));
const { AudioWAV } = require(path.join(modules, '@uttori/audio-wave'));

const samples = {};
for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.WAV'))) {
  const { chunks } = AudioWAV.fromFile(fs.readFileSync(path.join(folder, name)));
  const value = (type) => (chunks.find((chunk) => chunk.type === type) || {}).value;
  samples[name] = { types: chunks.map((chunk) => chunk.type), format: value('format'), roland: value('roland') };
}
const { pads } = AudioPadInfo.fromFile(fs.readFileSync(path.join(folder, 'PAD_INFO.BIN')));
console.log(JSON.stringify({ pads, samples }));
