package compare

import (
	"strings"

	"github.com/envparity/parity/internal/value"
)

// addressed reports whether a value stands in the position of an address, an
// account, a project or an identity: by its own grammar, or by its name.
func addressed(path, text string) bool {
	if strings.Contains(text, "://") || strings.HasPrefix(text, "arn:") || isAccount(text) {
		return true
	}
	for _, a := range atoms(text) {
		if len(a.text) > 6 && strings.Count(a.text, ".") >= 2 && host(a.text) {
			return true
		}
	}
	if includes(path) || strings.HasSuffix(path, "/extract/key") || strings.HasSuffix(path, "/remoteRef/key") {
		return true // where an external secret is read
	}
	return tailHas(path, addressWords)
}

// tailHas reports whether the name at the end of a path has one of the words as
// a whole: documentIndex has index.
func tailHas(path string, words map[string]bool) bool {
	tail := value.Tail(path)
	for _, s := range segments(tail) {
		if words[lower(s.text)] {
			return true
		}
		for from, i := 0, 1; i <= len(s.text); i++ {
			if i == len(s.text) || upper(s.text[i]) && !upper(s.text[i-1]) {
				if words[lower(s.text[from:i])] {
					return true
				}
				from = i
			}
		}
	}
	return false
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

// includes reports whether a value names a file or directory of the tree that the
// environment is made of: values files of a release, the path of an application.
func includes(path string) bool {
	return strings.Contains(path, "/helm/valueFiles") || strings.HasSuffix(path, "/spec/path") || strings.HasSuffix(path, "/source/path") ||
		strings.Contains(path, "/spec/sources[") && strings.HasSuffix(path, "/path") || strings.Contains(path, "/valuesFiles")
}

// namesFile reports whether a word is what an element of a path is named for:
// the whole of it or its end, without the extension.
func namesFile(path, word string) bool {
	for e := range strings.SplitSeq(path, "/") {
		if i := strings.LastIndexByte(e, '.'); i > 0 {
			e = e[:i]
		}
		rest, ok := strings.CutSuffix(lower(e), lower(word))
		if ok && (rest == "" || !alnum(rest[len(rest)-1]) && !qualified(lower(e), len(rest))) {
			return true
		}
	}
	return false
}

// addressWords are the words in a name that say that its value is an address,
// an account, a project or an identity.
var addressWords = map[string]bool{
	"host": true, "hosts": true, "hostname": true, "url": true, "urls": true, "uri": true, "endpoint": true,
	"endpoints": true, "addr": true, "address": true, "domain": true, "domains": true, "server": true, "servers": true,
	"broker": true, "brokers": true, "project": true, "account": true, "tenant": true, "bucket": true, "queue": true,
	"topic": true, "arn": true, "role": true, "principal": true, "registry": true, "dsn": true, "database": true,
	"db": true, "cluster": true, "origin": true, "issuer": true, "audience": true, "email": true, "subscription": true,
	"upstream": true, "backend": true, "proxy": true, "externalname": true, "s3bucket": true, "projectid": true,
	"accountid": true, "serviceaccount": true, "clientid": true,
}

// storeWords are the words in a name that say that its value is the name of
// something that holds data, of which each environment has its own.
var storeWords = map[string]bool{
	"index": true, "indices": true, "topic": true, "bucket": true, "queue": true, "database": true, "db": true,
	"table": true, "schema": true, "bucketname": true, "databasename": true, "collection": true, "dataset": true, "keyspace": true, "stream": true,
	"s3bucket": true,
}
