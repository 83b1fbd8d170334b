package kubernetes

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/parallel"
)

// fingerprint says which objects are there, in which versions, without reading
// them: the server is asked for their metadata alone. It equals that of a whole
// reading if and only if that would read the same. It is empty where something
// cannot be listed: what is not known is never the same.
func fingerprint(ctx context.Context, in collector.Input, cfg Config) (string, error) {
	c, err := connect(in, cfg)
	defer c.close()
	if err != nil {
		return "", err
	}
	found, err := c.discover(ctx)
	if err != nil {
		return "", err
	}
	s := newSession(c, nil, found)
	s.settle()
	if !s.complete() {
		return "", nil
	}
	if err := s.versions(ctx); err != nil {
		return "", err
	}
	return s.print(), nil
}

// complete reports whether nothing is known to be missing.
func (s *session) complete() bool {
	for gv := range s.found.failed {
		if !s.cfg.ignores(gv.Group) {
			return false
		}
	}
	return len(s.census.lost) == 0
}

// print is the fingerprint of what was read.
func (s *session) print() string {
	text := fmt.Sprint(s.found.version, s.found.served, s.prints)
	for _, name := range s.nodes.names() {
		text += fmt.Sprint(name, s.nodes.texts(name))
	}
	return text
}

// versions lists the metadata of all that a whole reading lists.
func (s *session) versions(ctx context.Context) error {
	return parallel.ForEach(ctx, s.cfg.Concurrency, s.tasks(), func(ctx context.Context, _ int, t task) error {
		return s.version(ctx, t)
	})
}

// metadataFactor is how many more objects a page of metadata holds.
const metadataFactor = 10

// version lists the metadata of one list. Nodes are few and write their status
// all the time, so that what they say counts in place of their versions.
func (s *session) version(ctx context.Context, t task) error {
	if t.id() == "/Node" {
		return s.pages(ctx, t.listing, func(p page, raw []byte) error {
			o, err := decode(p, t.kind, raw, doc.Limits{Bytes: maxItem})
			if err != nil {
				return errBody
			}
			return s.nodes.node(o)
		})
	}
	var seen pageCount
	for token := ""; ; {
		next, err := s.metadataPage(ctx, t, token, &seen)
		if err != nil || next == "" || next == token {
			return err
		}
		token = next
	}
}

func (s *session) metadataPage(ctx context.Context, t task, token string, seen *pageCount) (next string, err error) {
	if err := s.begin(seen); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	req := s.rest.Get().AbsPath(t.path(t.namespace)).
		SetHeader("Accept", metadataForm("application/vnd.kubernetes.protobuf")+","+metadataForm("application/json")).
		Param("limit", strconv.Itoa(metadataFactor*s.cfg.PageSize))
	if token != "" {
		req = req.Param("continue", token)
	}
	if t.fields != "" {
		req = req.Param("fieldSelector", t.fields)
	}
	body, err := req.Stream(ctx)
	if err != nil {
		return "", err
	}
	defer body.Close()
	note := func(m *objectMeta) error {
		s.met(t, string(m.namespace), string(m.name), string(m.uid), string(m.version))
		return seen.object()
	}
	in := bufio.NewReaderSize(io.LimitReader(body, maxPage), 64<<10)
	if magic, err := in.Peek(len(protobufMagic)); err == nil && bytes.Equal(magic, protobufMagic) {
		return metadataList(in, note)
	}
	p, err := items(in, func(p page, raw []byte) error {
		o, err := decode(p, t.kind, raw, doc.Limits{Bytes: maxItem})
		if err != nil {
			return errBody
		}
		s.met(t, o.Meta.Namespace, o.Meta.Name, o.Meta.UID, o.Meta.ResourceVersion)
		return seen.object()
	})
	return p.next, err
}

func metadataForm(media string) string {
	return media + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
}
