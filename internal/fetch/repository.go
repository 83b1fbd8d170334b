package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/envparity/parity/internal/doc"
)

// index is what a repository says that it has: addresses and digests, by name
// and version.
type index struct {
	once  sync.Once
	found map[[2]string]entry
	err   error
}

type entry struct{ address, digest string }

// fromRepository gets a chart from a chart repository.
func (f *Fetcher) fromRepository(ctx context.Context, base *url.URL, c chart) ([]byte, error) {
	f.mu.Lock()
	x := f.indexes[c.repository]
	if x == nil {
		x = &index{}
		f.indexes[c.repository] = x
	}
	f.mu.Unlock()
	x.once.Do(func() { x.found, x.err = f.index(ctx, base) })
	if x.err != nil {
		return nil, x.err
	}
	e, ok := x.found[[2]string{c.name, strings.TrimPrefix(c.version, "v")}]
	switch {
	case !ok:
		return nil, errors.New("the repository has no such version of the chart")
	case e.digest == "":
		return nil, errors.New("the repository states no digest of the chart")
	}
	at, err := base.JoinPath("/").Parse(e.address)
	if err != nil {
		return nil, errAddress
	}
	data, err := f.get(ctx, base, at, maxChart)
	if err != nil {
		return nil, err
	}
	if digestOf(data) != e.digest {
		return nil, errors.New("what was fetched is not what the repository states the digest of")
	}
	return data, nil
}

// index reads a repository's index.
func (f *Fetcher) index(ctx context.Context, base *url.URL) (map[[2]string]entry, error) {
	data, err := f.get(ctx, base, base.JoinPath("index.yaml"), maxIndex)
	if err != nil {
		return nil, err
	}
	return parseIndex(data)
}

// indexLimits bound an index: those of big repositories have a million values.
var indexLimits = doc.Limits{Nodes: 8_000_000, Depth: 60, Bytes: maxIndex}

var errIndex = errors.New("the index of the repository cannot be read")

func parseIndex(data []byte) (map[[2]string]entry, error) {
	found := map[[2]string]entry{}
	read := func(n *doc.Node, _ int) error {
		entries := n.Get("entries")
		if entries == nil {
			return nil
		}
		for i := range entries.Fields {
			for _, v := range entries.Fields[i].Value.Items {
				urls := v.Get("urls")
				if urls == nil || len(urls.Items) == 0 {
					continue
				}
				key := [2]string{entries.Fields[i].Key, strings.TrimPrefix(v.Get("version").Str(), "v")}
				if _, there := found[key]; !there {
					found[key] = entry{urls.Items[0].Text, trimDigest(v.Get("digest").Str())}
				}
			}
		}
		return nil
	}
	if err := doc.ParseYAML(strings.NewReader(string(data)), indexLimits, read); err != nil {
		return nil, errIndex
	}
	return found, nil
}

// get reads what stands at an address that a repository leads to.
func (f *Fetcher) get(ctx context.Context, base, at *url.URL, limit int64) ([]byte, error) {
	if at.User != nil {
		return nil, errUser
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), http.NoBody)
	if err != nil {
		return nil, errAddress
	}
	client := http.Client{Transport: f.through(base)}
	what := "nothing is fetched from " + at.Host
	answer, err := client.Do(r)
	if err != nil {
		return nil, failed(ctx, what, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: it answers with status %d", what, answer.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	if err != nil {
		return nil, failed(ctx, what, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: %w", what, errTooLarge)
	}
	return data, nil
}
