package manifests

import (
	"io/fs"
	"path"

	"sigs.k8s.io/kustomize/api/konfig"

	"github.com/envparity/parity/internal/render"
)

// maxKnown bounds the text of files that a job is given before it asks.
const maxKnown = 32 << 20

// known gathers what kustomize will ask of the files that were scanned, which
// spares a question for each.
func (sc *scan) known() *answers {
	all := newAnswers()
	total := 0
	for at := range sc.files {
		if _, ok := sc.over.replaced[at]; ok {
			all.by[questionOf(askStat, at)] = &answer{form: plainFile}
			all.parents(at)
			continue
		}
		a, err := answerFrom(sc.over.fsys, sc.over.limit, questionOf(askFile, at))
		if err != nil || a.form != plainFile {
			continue
		}
		if total += len(a.text); total > maxKnown {
			break
		}
		all.by[questionOf(askFile, at)] = a
		all.by[questionOf(askStat, at)] = &answer{form: plainFile, size: a.size}
		all.parents(at)
	}
	for dir, k := range sc.dirs {
		all.parents(path.Join(dir, "x"))
		for _, name := range konfig.RecognizedKustomizationFileNames() {
			if at := path.Join(dir, name); at != k.file {
				all.by[questionOf(askFile, at)] = &answer{form: missing}
				all.by[questionOf(askStat, at)] = &answer{form: missing}
			}
		}
	}
	return all
}

// parents notes the directories above a file that is there.
func (a *answers) parents(at string) {
	for at != "." {
		at = path.Dir(at)
		a.by[questionOf(askStat, at)] = &answer{form: directory}
	}
}

func (a *answers) encode(e *render.Encoder) {
	e.Uint(uint64(len(a.by)))
	for question, answer := range a.by {
		e.String(question)
		answer.encode(e)
	}
}

func decodeAnswers(d *render.Decoder) *answers {
	all := newAnswers()
	decodeList(d, func() {
		question := d.String()
		all.by[question] = decodeAnswer(d)
	})
	return all
}

func (a *answer) encode(e *render.Encoder) {
	e.Uint(uint64(a.form))
	e.Uint(uint64(a.size))
	e.Bytes(a.text)
	e.Uint(uint64(len(a.entries)))
	for _, entry := range a.entries {
		e.String(entry.Name())
		e.Uint(uint64(entry.Type()))
	}
}

func decodeAnswer(d *render.Decoder) *answer {
	a := &answer{form: form(d.Uint()), size: int64(d.Uint()), text: d.Bytes()}
	decodeList(d, func() {
		name, mode := d.String(), fs.FileMode(d.Uint())
		entry := &answer{form: plainFile}
		if mode.IsDir() {
			entry.form = directory
		}
		a.entries = append(a.entries, askedInfo{name, entry})
	})
	return a
}
