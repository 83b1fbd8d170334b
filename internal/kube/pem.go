package kube

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// maxCertificates bounds a bundle that is read certificate by certificate.
const maxCertificates = 300

// pem reads certificates by names, expiry and fingerprint, whatever order and
// comments they stand in. A key is a secret wherever it stands.
func (w *walker) pem(n *doc.Node) {
	if strings.Contains(n.Text, "PRIVATE KEY-----") {
		w.emit(n, parity.Value{Kind: parity.Secret, Raw: n.Text}, 0)
		return
	}
	rest := []byte(n.Text)
	var certs []*x509.Certificate
	for len(certs) < maxCertificates {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
			certs = append(certs, cert)
		}
	}
	if len(certs) == 0 {
		w.emitText(n)
		return
	}
	extra := w.extra
	w.extra = extra.With(parity.EmbeddedText)
	seen := newSeen(len(certs))
	for _, cert := range certs {
		w.certificate(n, cert, &seen)
	}
	w.extra = extra
}

func (w *walker) certificate(n *doc.Node, cert *x509.Certificate, s *seen) {
	name := cert.Subject.String()
	base := len(w.path)
	w.path = append(append(append(w.path, "[subject="...), name...), ']')
	if c := s.count(name); c > 1 {
		w.path = appendCount(w.path, c)
	}
	sum := sha256.Sum256(cert.Raw)
	w.certificateFact(n, "subject", parity.Value{Kind: parity.Text, Raw: name}, 0)
	// A certificate is renewed: which one it is says nothing of what it is for.
	issue := parity.SetOf(parity.Circumstances)
	w.certificateFact(n, "fingerprint", parity.Value{Kind: parity.Identifier, Raw: hex.EncodeToString(sum[:])}, issue)
	w.certificateFact(n, "expires", parity.Value{Kind: parity.Text, Raw: cert.NotAfter.UTC().Format("2006-01-02T15:04:05Z")}, issue)
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	slices.Sort(names)
	for i, name := range slices.Compact(names) {
		if i > 100 {
			w.certificateFact(n, "more", parity.Value{Kind: parity.Number, Raw: strconv.Itoa(len(names) - i)}, 0)
			break
		}
		w.certificateFact(n, "names[="+name+"]", parity.Value{Kind: parity.Set, Raw: name}, 0)
	}
	w.pop(base)
}

func (w *walker) certificateFact(n *doc.Node, field string, v parity.Value, rules parity.RuleSet) {
	at := w.push(field)
	w.emit(n, v, rules)
	w.pop(at)
}
