package oci

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// note says what a document is: a bill of materials, or an attestation by its
// predicate. declared is the predicate that its descriptor names.
func (a *attached) note(d document, declared string) {
	if format := sbomFormat(d.mediaType); format != "" {
		a.sboms = append(a.sboms, format)
		return
	}
	predicate := declared
	if predicate == "" {
		predicate = predicateOf(d.data)
	}
	switch format := sbomFormat(strings.ToLower(predicate)); {
	case predicate == "":
		a.attestations = append(a.attestations, "unknown")
	case predicate == cosignSign:
		a.signatures = append(a.signatures, "sigstore")
	case format != "":
		a.sboms = append(a.sboms, format)
	default:
		a.attestations = append(a.attestations, predicate)
	}
}

// envelope is a signed statement in the forms in which it is attached: bare, in
// a DSSE envelope, or in one within a sigstore bundle.
type envelope struct {
	PredicateType string    `json:"predicateType"`
	Payload       string    `json:"payload"`
	DSSE          *envelope `json:"dsseEnvelope"`
}

// predicateOf finds the predicate's type of a statement; empty where there is
// none. Of several envelopes, one a line, the first counts.
func predicateOf(data []byte) string {
	var e envelope
	if json.NewDecoder(strings.NewReader(string(data))).Decode(&e) != nil {
		return ""
	}
	if e.DSSE != nil {
		e = *e.DSSE
	}
	if e.PredicateType != "" || e.Payload == "" {
		return e.PredicateType
	}
	inner, err := base64.StdEncoding.DecodeString(e.Payload)
	if err != nil {
		return ""
	}
	var statement struct {
		PredicateType string `json:"predicateType"`
	}
	if json.Unmarshal(inner, &statement) != nil {
		return ""
	}
	return statement.PredicateType
}
