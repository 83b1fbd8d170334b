package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/compare"
)

// Found are the facts that a word was found in: those that differ first.
type Found struct {
	Word string `json:"word"`
	// Facts are the first of them, Total counts all.
	Facts []FoundFact `json:"facts"`
	Total int         `json:"total"`
}

// FoundFact is one of them. Its path is empty where the subject itself differs.
type FoundFact struct {
	Subject parity.SubjectRef `json:"subject"`
	Path    string            `json:"path"`
	// Fingerprint and Class are empty where nothing differs.
	Fingerprint string        `json:"fingerprint,omitempty"`
	Class       string        `json:"class,omitempty"`
	Change      parity.Change `json:"change,omitempty"`
}

// shortestWord is the shortest word that is searched for.
const shortestWord = 2

// maxFound bounds the facts that are listed.
const maxFound = 30

// Search finds the facts whose subject, path or value holds the word, whatever
// its case. Values of secrets are not searched.
func (a *App) Search(ctx context.Context, req Request, word string) (*Found, error) {
	if len(word) < shortestWord {
		return nil, &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("a word has at least %d letters, and a fingerprint at least %d digits", shortestWord, minFingerprint)}
	}
	s, err := a.open(ctx, req)
	if err != nil {
		return nil, err
	}
	_, judgement, err := a.weigh(ctx, s, req)
	if err != nil {
		return nil, err
	}
	f := &finder{word: strings.ToLower(word), found: &Found{Word: word, Facts: []FoundFact{}}, seen: map[spot]bool{}}
	for i := range judgement.Differences {
		f.difference(&judgement.Differences[i])
	}
	if _, err := compare.Run(ctx, compare.Input{Snapshots: s.snapshots, Options: s.options}, f.joined); err != nil {
		return nil, err
	}
	if f.found.Total == 0 {
		return nil, &parity.Error{
			Code: parity.CodeUsage, What: fmt.Sprintf("no difference has the fingerprint %q, and no fact has it as a word", word),
			Hint: "parity check --long shows fingerprints; parity align --all lists all subjects",
		}
	}
	return f.found, nil
}

// spot is a path of a subject.
type spot struct {
	subject parity.Key
	path    string
}

type finder struct {
	word  string
	found *Found
	seen  map[spot]bool
}

func (f *finder) in(text string) bool { return strings.Contains(strings.ToLower(text), f.word) }

// add adds a fact once.
func (f *finder) add(at spot, fact FoundFact) {
	if f.seen[at] {
		return
	}
	f.seen[at] = true
	if f.found.Total++; len(f.found.Facts) < maxFound {
		f.found.Facts = append(f.found.Facts, fact)
	}
}

func (f *finder) difference(d *parity.Difference) {
	key := d.Subject.Key()
	hit := f.in(key.String()) || f.in(d.Path) || f.in(d.Note) || slices.ContainsFunc(d.Sides, func(s parity.Side) bool {
		return s.Value != nil && s.Kind != parity.Secret && f.in(*s.Value)
	})
	if hit {
		f.add(spot{key, d.Path}, FoundFact{
			Subject: d.Subject, Path: d.Path, Fingerprint: d.Fingerprint, Class: d.Class.String(), Change: d.Change,
		})
	}
}

func (f *finder) joined(j *parity.Joined) error {
	hit := f.in(j.Path) || slices.ContainsFunc(j.Cells, func(c parity.Cell) bool {
		return c.Fact != nil && c.Fact.Value.Kind != parity.Secret && f.in(c.Fact.Value.String())
	})
	if hit {
		k := j.Subject.Key
		f.add(spot{k, j.Path}, FoundFact{
			Subject: parity.SubjectRef{Kind: k.Kind, Group: k.Group, Scope: k.Scope, Name: k.Name, Alignment: j.Subject.Alignment}, Path: j.Path,
		})
	}
	return nil
}
