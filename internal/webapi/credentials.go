package webapi

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

// credentialBytes is the largest file of a token or of certificates.
const credentialBytes = 1 << 20

// headers are those of every request.
func headers(cfg Config, lookup func(string) (string, bool), root place.Root) (http.Header, error) {
	h := http.Header{"Accept": {"application/json"}, "User-Agent": {"parity"}}
	for name, value := range cfg.Headers {
		h.Set(name, value)
	}
	for name, variable := range cfg.HeadersEnv {
		value, err := variableOf(lookup, variable)
		if err != nil {
			return nil, err
		}
		h.Set(name, value)
	}
	switch {
	case cfg.TokenEnv != "":
		token, err := variableOf(lookup, cfg.TokenEnv)
		if err != nil {
			return nil, err
		}
		h.Set("Authorization", "Bearer "+token)
	case cfg.TokenFile != "":
		token, err := fileOf(root, cfg.TokenFile)
		if err != nil {
			return nil, err
		}
		text := strings.TrimSpace(string(token))
		if text == "" || !printable(text) {
			return nil, &parity.Error{Code: parity.CodeUnavailable, Where: cfg.TokenFile, What: "the file holds no token", Hint: "it must hold the token alone, on one line"}
		}
		h.Set("Authorization", "Bearer "+text)
	case cfg.User != "":
		password := ""
		if cfg.PasswordEnv != "" {
			var err error
			if password, err = variableOf(lookup, cfg.PasswordEnv); err != nil {
				return nil, err
			}
		}
		h.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(cfg.User+":"+password)))
	}
	return h, nil
}

// variableOf gives the value of a variable, without the blanks around it.
func variableOf(lookup func(string) (string, bool), name string) (string, error) {
	value, _ := lookup(name)
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		return "", &parity.Error{Code: parity.CodeUnavailable, What: "the environment variable " + name + " is not set", Hint: "set it to what the source needs to log in"}
	case !printable(value):
		return "", &parity.Error{Code: parity.CodeUnavailable, What: "the environment variable " + name + " holds a line break or another control character", Hint: "it must be one line"}
	}
	return value, nil
}

func fileOf(root place.Root, name string) ([]byte, error) {
	p, err := root.Resolve(name)
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
