// What somebody ticked, remembered by this browser: for one environment and one record, by a task's token.

function markBook({ environment, lineage, serial }, open) {
  const key = `deployer tasks ${environment} ${lineage}`;
  let kept = {};
  let works = true;

  const save = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ serial: Math.max(serial, kept.serial || 0), marks: kept.marks }));
    } catch {
      works = false;
    }
  };

  // A token that this page no longer lists was confirmed or withdrawn: if it is asked again one day, it isn't done yet.
  // An older page that is still open somewhere may not forget what a newer one lists.
  const load = () => {
    try {
      kept = JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      kept = {};
    }
    if (typeof kept.marks !== "object" || kept.marks === null) kept = { marks: {} };
    if ((kept.serial || 0) <= serial && open) for (const token of Object.keys(kept.marks)) if (!open.has(token)) delete kept.marks[token];
  };

  load();
  save();
  return {
    get works() { return works; },
    of: (token) => kept.marks[token] || {},
    set(token, changes) {
      load();
      const mark = { ...kept.marks[token], ...changes };
      for (const name of Object.keys(mark)) if (!mark[name]) delete mark[name];
      if (Object.keys(mark).length) kept.marks[token] = mark;
      else delete kept.marks[token];
      save();
    },
    again: load,
    key,
  };
}
