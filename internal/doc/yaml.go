package doc

import (
	"errors"
	"io"

	"go.yaml.in/yaml/v3"
)

// ParseYAML reads a stream of YAML documents and gives each to the function,
// one after another, so that memory holds one document at a time. index counts
// the documents of the stream from 0; empty ones count but are not given.
//
// Aliases are expanded within l.Nodes, merge keys are applied, an anchor that
// is defined again means the last definition before its use. A key that a map
// holds twice, or one that is not a scalar, is an error of its document: the
// documents after it are given all the same, and the first such error is
// returned at the end. A fault of syntax, or a limit, ends the stream. Such
// errors are *Error; an error of each is returned as it is and ends the
// stream too.
func ParseYAML(r io.Reader, l Limits, each func(doc *Node, index int) error) error {
	l = l.filled()
	in := newYAMLReader(r, l)
	dec := yaml.NewDecoder(in)
	conv := &converter{limits: l, total: documents * l.Nodes}
	var first error
	for index := 0; ; index++ {
		var n yaml.Node
		if err := decodeYAML(dec, &n); err != nil {
			if errors.Is(err, io.EOF) {
				return first
			}
			if first != nil {
				return first
			}
			return in.explain(err)
		}
		if conv.total <= 0 {
			return l.streamFull(int32(n.Line), int32(n.Column))
		}
		root, err := conv.document(&n)
		switch {
		case err != nil && conv.exhausted:
			return err
		case err != nil && first == nil:
			first = err
		}
		if err != nil || root == nil {
			continue
		}
		if err := each(root, index); err != nil {
			return err
		}
	}
}

// decodeYAML turns a panic of the library into an error: its input is foreign.
func decodeYAML(dec *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if recover() != nil {
			err = errYAMLPanic
		}
	}()
	return dec.Decode(n)
}

var errYAMLPanic = errors.New("the YAML parser cannot read this")
