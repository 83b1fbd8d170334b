package webapi

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/trust"
)

// credentialBytes is the largest file of a token or of certificates.
const credentialBytes = 1 << 20

// credentials gives what a config names as a credential, where it may be sent
// to the server.
type credentials struct {
	to     *url.URL
	lookup func(string) (string, bool)
	allow  trust.Allowed
	root   place.Root
}

// headers are those of every request.
func headers(cfg Config, from credentials) (http.Header, error) {
	h := http.Header{"Accept": {"application/json"}, "User-Agent": {"parity"}}
	for name, value := range cfg.Headers {
		h.Set(name, value)
	}
	for name, variable := range cfg.HeadersEnv {
		value, err := from.variable(variable)
		if err != nil {
			return nil, err
		}
		h.Set(name, value)
	}
	switch {
	case cfg.TokenEnv != "":
		token, err := from.variable(cfg.TokenEnv)
		if err != nil {
			return nil, err
		}
		h.Set("Authorization", "Bearer "+token)
	case cfg.TokenFile != "":
		token, err := from.file(cfg.TokenFile)
		if err != nil {
			return nil, err
		}
		h.Set("Authorization", "Bearer "+token)
	case cfg.User != "":
		password := ""
		if cfg.PasswordEnv != "" {
			var err error
			if password, err = from.variable(cfg.PasswordEnv); err != nil {
				return nil, err
			}
		}
		h.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(cfg.User+":"+password)))
	}
	return h, nil
}

// variable gives the value of a variable, without the blanks around it. One
// that may not be sent to the server is not read.
func (c credentials) variable(name string) (string, error) {
	if err := c.allow.Check(name, c.to); err != nil {
		return "", err
	}
	value, _ := c.lookup(name)
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		return "", &parity.Error{Code: parity.CodeUnavailable, What: "the environment variable " + name + " is not set", Hint: "set it to what the source needs to log in"}
	case !printable(value):
		return "", &parity.Error{Code: parity.CodeUnavailable, What: "the environment variable " + name + " holds a line break or another control character", Hint: "it must be one line"}
	}
	return value, nil
}

// file gives the token that a file holds. A file that may not be sent to the
// server is not read.
func (c credentials) file(name string) (string, error) {
	p, err := place.UserFile(c.root, name)
	if err != nil {
		return "", err
	}
	path := p.OnDisk
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if path == "" {
		return "", &parity.Error{Code: parity.CodeConfig, Where: name, What: "a token is not read from a git revision", Hint: "name a file on disk"}
	}
	if err := c.allow.Check(trust.OfFile(path), c.to); err != nil {
		return "", err
	}
	token, err := p.Read(credentialBytes)
	if err != nil {
		return "", err
	}
	text := strings.TrimSpace(string(token))
	if text == "" || !printable(text) {
		return "", &parity.Error{Code: parity.CodeUnavailable, Where: name, What: "the file holds no token", Hint: "it must hold the token alone, on one line"}
	}
	return text, nil
}

func fileOf(root place.Root, name string) ([]byte, error) {
	p, err := place.UserFile(root, name)
	if err != nil {
		return nil, err
	}
	return p.Read(credentialBytes)
}

// tlsSettings trusts the authorities of a file besides the system's.
func tlsSettings(authorities string, root place.Root) (*tls.Config, error) {
	settings := &tls.Config{MinVersion: tls.VersionTLS12}
	if authorities == "" {
		return settings, nil
	}
	text, err := fileOf(root, authorities)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, &parity.Error{Code: parity.CodeUnavailable, Where: authorities, What: "the file holds no certificates", Hint: "certificates are PEM blocks that begin with BEGIN CERTIFICATE"}
	}
	settings.RootCAs = pool
	return settings, nil
}
