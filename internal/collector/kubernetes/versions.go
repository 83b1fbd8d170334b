package kubernetes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
)

// fingerprint says which objects are there, in which versions, without reading
// them: the server is asked for their metadata alone. It equals that of a whole
// reading if and only if that would read the same. It is empty where something
// cannot be listed: what is not known is never the same.
func fingerprint(ctx context.Context, in collector.Input, cfg Config) (string, error) {
	c, err := connect(in, cfg)
	if err != nil {
		return "", err
	}
	found, err := c.discover(ctx)
	if err != nil || len(found.failed) > 0 {
		return "", err
	}
	s := newSession(c, nil, found)
	s.settle()
	if err := s.versions(ctx); err != nil {
		return "", err
	}
	return s.print(), nil
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
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tasks := make(chan task)
	failed := make(chan error, s.cfg.Concurrency)
	var running sync.WaitGroup
	for range s.cfg.Concurrency {
		running.Go(func() {
			for t := range tasks {
				if err := s.version(ctx, t); err != nil {
					failed <- err
					cancel()
					return
				}
			}
		})
	}
feed:
	for _, t := range s.tasks() {
		select {
		case tasks <- t:
		case <-ctx.Done():
			break feed
		}
	}
	close(tasks)
	running.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return ctx.Err()
	}
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
	for token := ""; ; {
		next, err := s.metadataPage(ctx, t, token)
		if err != nil || next == "" || next == token {
			return err
		}
		token = next
	}
}

func (s *session) metadataPage(ctx context.Context, t task, token string) (next string, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	req := s.rest.Get().AbsPath(t.path(t.namespace)).MaxRetries(maxRetries).
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
	data, err := io.ReadAll(io.LimitReader(body, maxPage))
	if err != nil {
		return "", err
	}
	note := func(uid, version []byte) { s.prints.object(t.resource, string(uid), string(version)) }
	if bytes.HasPrefix(data, protobufMagic) {
		return metadataList(data[len(protobufMagic):], note)
	}
	p, err := items(bytes.NewReader(data), func(p page, raw []byte) error {
		o, err := decode(p, t.kind, raw, doc.Limits{Bytes: maxItem})
		if err != nil {
			return errBody
		}
		s.prints.add(t.resource, o)
		return nil
	})
	return p.next, err
}

func metadataForm(media string) string {
	return media + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
}

// protobufMagic begins every body in Kubernetes' protobuf form.
var protobufMagic = []byte("k8s\x00")

var errProtobuf = errors.New("the list's metadata cannot be read")

// The numbers of the fields that are read, from the published definitions of
// runtime.Unknown, PartialObjectMetadataList, ListMeta and ObjectMeta.
const (
	unknownRaw         = 2
	listMetadata       = 1
	listItems          = 2
	listContinue       = 3
	objectMetadata     = 1
	objectUID          = 5
	objectResourceVers = 6
)

// metadataList reads a PartialObjectMetadataList, and of each object its UID
// and version alone.
func metadataList(envelope []byte, note func(uid, version []byte)) (next string, err error) {
	var list []byte
	if err := fields(envelope, func(n protowire.Number, b []byte) error {
		if n == unknownRaw {
			list = b
		}
		return nil
	}); err != nil {
		return "", err
	}
	err = fields(list, func(n protowire.Number, b []byte) error {
		switch n {
		case listMetadata:
			return fields(b, func(n protowire.Number, b []byte) error {
				if n == listContinue {
					next = string(b)
				}
				return nil
			})
		case listItems:
			return metadataItem(b, note)
		}
		return nil
	})
	return next, err
}

func metadataItem(item []byte, note func(uid, version []byte)) error {
	return fields(item, func(n protowire.Number, b []byte) error {
		if n != objectMetadata {
			return nil
		}
		var uid, version []byte
		err := fields(b, func(n protowire.Number, b []byte) error {
			switch n {
			case objectUID:
				uid = b
			case objectResourceVers:
				version = b
			}
			return nil
		})
		note(uid, version)
		return err
	})
}

// fields gives each field of a message that holds bytes.
func fields(message []byte, each func(n protowire.Number, b []byte) error) error {
	for len(message) > 0 {
		n, kind, size := protowire.ConsumeTag(message)
		if size < 0 {
			return errProtobuf
		}
		message = message[size:]
		if kind != protowire.BytesType {
			if size = protowire.ConsumeFieldValue(n, kind, message); size < 0 {
				return errProtobuf
			}
			message = message[size:]
			continue
		}
		b, size := protowire.ConsumeBytes(message)
		if size < 0 {
			return errProtobuf
		}
		if err := each(n, b); err != nil {
			return err
		}
		message = message[size:]
	}
	return nil
}
