// Package attest reads attestations: in-toto statements, bare, in DSSE
// envelopes or in Sigstore bundles, and of their predicates SLSA provenance and
// bills of materials.
//
// It verifies no signature: it tells what is stated, not who may be believed.
//
// It is pure. Its input is foreign: it is read within bounds, a fault names the
// place and what is wrong there, and never quotes the text. Build parameters
// may be secret: they are handed on for redaction.
package attest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/sbom"
)

// Attestation is one statement.
type Attestation struct {
	// PredicateType says what is stated, such as https://slsa.dev/provenance/v1.
	PredicateType string
	// Signatures is how many signatures stand beside it. None was verified.
	Signatures int
	Artifacts  []Artifact
	// Provenance is set where the predicate is SLSA provenance.
	Provenance *Provenance
	// BOM is set where the predicate is a bill of materials.
	BOM *sbom.Document
	// Line and Col are where it begins in the file, 1-based.
	Line, Col int32
	// Packed is set where it was unpacked from an envelope: the lines of its
	// parts are not those of the file.
	Packed bool
}

// Artifact is what a statement speaks of.
type Artifact struct {
	Name    string
	Digests []Digest
}

// Digest is one digest of an artifact.
type Digest struct {
	Algorithm string // sha256, gitCommit
	Value     string
}

// Fault is a part that could not be read.
type Fault struct {
	Line, Col int32
	// What is a phrase that quotes nothing.
	What string
}

// Limits bound what is read. A zero field means the default of package sbom.
type Limits = sbom.Limits

// Parse reads a file of attestations: one, a list, or several one after
// another as in JSON lines. What cannot be read is a fault, the rest is given.
func Parse(data []byte, l Limits) ([]Attestation, []Fault) {
	r := &reader{limits: l}
	err := doc.Parse(doc.JSON, bytes.NewReader(data), r.doc(), func(n *doc.Node, _ int) error {
		r.any(n, 0)
		return nil
	})
	if err != nil {
		r.fails(nil, err)
	}
	if len(r.found) == 0 && len(r.faults) == 0 {
		r.fault(nil, "holds no attestation")
	}
	return r.found, r.faults
}

type reader struct {
	limits Limits
	found  []Attestation
	faults []Fault
	// outer is the envelope that is being unpacked, and signatures how many
	// it has.
	outer      *doc.Node
	signatures int
}

func (r *reader) doc() doc.Limits {
	return doc.Limits{Nodes: r.limits.Nodes, Depth: r.limits.Depth, Bytes: r.limits.Bytes}
}

const (
	maxFaults = 1000
	// maxLayers is how many envelopes may be around a statement.
	maxLayers = 8
)

func (r *reader) fault(n *doc.Node, what string) {
	if r.outer != nil {
		n = r.outer
	}
	if n == nil {
		n = &doc.Node{}
	}
	switch {
	case len(r.faults) < maxFaults:
		r.faults = append(r.faults, Fault{n.Line, n.Col, what})
	case len(r.faults) == maxFaults:
		r.faults = append(r.faults, Fault{n.Line, n.Col, fmt.Sprintf("more than %d parts of the file cannot be read", maxFaults)})
	}
}

// fails records an error of a parser, at the envelope where there is one.
func (r *reader) fails(n *doc.Node, err error) {
	what := "cannot be read"
	var e *doc.Error
	if errors.As(err, &e) {
		if n == nil {
			n = &doc.Node{Line: e.Line, Col: e.Col}
		}
		what = e.What
	}
	r.fault(n, what)
}

// any reads whatever an attestation may be wrapped in.
func (r *reader) any(n *doc.Node, layer int) {
	switch {
	case layer > maxLayers:
		r.fault(n, "is wrapped in too many envelopes")
	case n.Kind == doc.List:
		for _, item := range n.Items {
			r.any(item, layer+1)
		}
	case n.Kind != doc.Map:
		r.fault(n, "is no attestation")
	case n.Get("attestations") != nil:
		r.any(n.Get("attestations"), layer+1)
	case n.Get("bundle") != nil:
		r.any(n.Get("bundle"), layer+1)
	case n.Get("dsseEnvelope") != nil:
		r.any(n.Get("dsseEnvelope"), layer+1)
	case n.Get("messageSignature") != nil:
		r.fault(n, "is a bundle that signs a file and states nothing about it")
	case n.Get("payload") != nil:
		r.envelope(n, layer)
	case n.Get("base64Signature") != nil:
		r.oldBundle(n, layer)
	case strings.HasPrefix(n.Get("_type").Str(), "https://in-toto.io/Statement/"):
		r.statement(n)
	default:
		r.fault(n, "is neither an in-toto statement nor an envelope or a bundle with one")
	}
}

// envelope unpacks a DSSE envelope.
func (r *reader) envelope(n *doc.Node, layer int) {
	payload, ok := decode(n.Get("payload").Str())
	if !ok {
		r.fault(n, "the envelope's payload is not in base64")
		return
	}
	outer, signatures := r.outer, r.signatures
	defer func() { r.outer, r.signatures = outer, signatures }()
	if s := n.Get("signatures"); s != nil {
		r.signatures += len(s.Items)
	}
	if r.outer == nil {
		r.outer = n
	}
	if kind := n.Get("payloadType").Str(); kind != "" && !strings.Contains(kind, "json") {
		r.fault(n, "the envelope's payload is of a type that is not read; in-toto statements are")
		return
	}
	inner, err := doc.ParseJSON(payload, r.doc())
	if err != nil {
		r.fails(n, err)
		return
	}
	r.any(inner, layer+1)
}

// oldBundle unpacks cosign's bundle of before Sigstore's, in which the
// envelope is the signature.
func (r *reader) oldBundle(n *doc.Node, layer int) {
	data, ok := decode(n.Get("base64Signature").Str())
	if !ok {
		r.fault(n, "the bundle's signature is not in base64")
		return
	}
	inner, err := doc.ParseJSON(data, r.doc())
	if err != nil || inner.Get("payload") == nil {
		r.fault(n, "is a bundle that signs a file and states nothing about it")
		return
	}
	outer := r.outer
	if r.outer == nil {
		r.outer = n
	}
	r.any(inner, layer+1)
	r.outer = outer
}

func decode(s string) ([]byte, bool) {
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding} {
		if data, err := e.DecodeString(s); err == nil {
			return data, true
		}
	}
	return nil, false
}

func (r *reader) statement(n *doc.Node) {
	at := n
	if r.outer != nil {
		at = r.outer
	}
	a := Attestation{
		PredicateType: n.Get("predicateType").Str(), Signatures: r.signatures,
		Line: at.Line, Col: at.Col, Packed: r.outer != nil,
	}
	for _, s := range items(n.Get("subject")) {
		a.Artifacts = append(a.Artifacts, Artifact{Name: s.Get("name").Str(), Digests: digests(s.Get("digest"))})
	}
	predicate := n.Get("predicate")
	switch t := a.PredicateType; {
	case t == "":
		r.fault(n, "the statement does not say what it states")
		return
	case predicate == nil || predicate.Kind != doc.Map:
		r.fault(n, "the statement states nothing")
	case strings.HasPrefix(t, "https://slsa.dev/provenance/v0.2"):
		a.Provenance = provenance02(predicate)
	case t == "https://slsa.dev/provenance/v1" || strings.HasPrefix(t, "https://slsa.dev/provenance/v1."):
		a.Provenance = provenance1(predicate)
	case strings.HasPrefix(t, "https://slsa.dev/provenance"):
		r.fault(n, "is SLSA provenance of a version that is not read; 0.2 and 1 are")
	case strings.HasPrefix(t, "https://spdx.dev/Document"), strings.HasPrefix(t, "https://cyclonedx.org/"):
		a.BOM = r.bom(predicate)
	}
	r.found = append(r.found, a)
}

// bom reads a bill of materials, which some tools put into a text of its own.
func (r *reader) bom(n *doc.Node) *sbom.Document {
	if data := n.Get("Data"); data != nil {
		n = data
		if data.Kind == doc.String {
			inner, err := doc.ParseJSON([]byte(data.Text), r.doc())
			if err != nil {
				r.fails(data, err)
				return nil
			}
			n = inner
		}
	}
	d, err := sbom.FromNode(n, r.limits)
	if err != nil {
		r.fails(n, err)
		return nil
	}
	return d
}

func items(n *doc.Node) []*doc.Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// digests reads algorithms and values, in the order of the source.
func digests(n *doc.Node) []Digest {
	if n == nil {
		return nil
	}
	var all []Digest
	for i := range n.Fields {
		if s := n.Fields[i].Value.Str(); s != "" {
			all = append(all, Digest{n.Fields[i].Key, s})
		}
	}
	return all
}
