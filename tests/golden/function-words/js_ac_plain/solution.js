function count(text) {
  if (typeof text !== 'string') throw new TypeError('text, please');
  const found = {};
  for (const word of text.split(' ').filter(Boolean)) found[word] = (found[word] ?? 0) + 1;
  return found;
}
