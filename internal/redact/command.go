package redact

import "strings"

// singleFlag looks at a flag with one hyphen, which may be a word: "-password X".
func (sc *scanner) singleFlag(i int) int {
	s := sc.s
	end := i + 1
	for end < len(s) && identByte(s[end]) && end-i < 40 {
		end++
	}
	if name := s[i+1 : end]; end < len(s) && end-i > 4 && hasStem(name) && nameStrength(name) >= named {
		if n := sc.flagValue(name, end); n > 0 {
			return n
		}
	}
	return sc.shortFlag(i)
}

// shortFlag looks at a flag of one letter with a password behind it or glued
// to it. The hyphen is at i.
func (sc *scanner) shortFlag(i int) int {
	s := sc.s
	if i+3 > len(s) || i > 0 && strings.IndexByte(" \t\n\"'[,(=", s[i-1]) < 0 || strings.IndexByte("pPwWaAucUkXb", s[i+1]) < 0 {
		return 0
	}
	flags, known := sc.program(i)
	flag := s[i+1]
	start := i + 2
	glued := strings.IndexByte(" \t\"'\\,", s[start]) < 0
	if !glued {
		for start < len(s) && strings.IndexByte(" \t\"'\\,", s[start]) >= 0 {
			start++
		}
	} else if s[start] == '=' {
		start++
	}
	end := start
	for end < len(s) && strings.IndexByte(" \t\n\"'\\`|;&", s[end]) < 0 {
		end++
	}
	value := s[start:end]
	if value == "" || value[0] == '-' || maskAt(value) || noSecret(value) || code(value) || value[0] == '$' || strings.Trim(value, "0123456789:.") == "" {
		return 0
	}
	switch {
	case flag == 'u' || flag == 'U':
		return sc.userFlag(start)
	case known && strings.IndexByte(flags, flag) >= 0 && !(glued && len(value) < 3):
		if flag == 'p' && !glued && strings.IndexByte(flags, '+') >= 0 {
			return 0 // MySQL's takes no word behind a space
		}
		return sc.suspect(start, end)
	case known || strings.IndexByte("pPwWa", flag) < 0 || sc.at.path == "" || !inCommand(sc.at.path):
		return 0
	}
	if loose(value, glued) {
		return sc.suspect(start, end)
	}
	return 0
}

// loose reports whether a text behind a flag of an unknown program could be a
// password: no number, path, address, or word.
func loose(value string, glued bool) bool {
	if len(value) < 5 || strings.ContainsAny(value, "=/:,") || digits(value) || constant(value) || fieldName(value) {
		return false
	}
	d := measure(value)
	if glued {
		return d.figures > 0 && d.lower+d.upper > 2 && d.figures < d.n-1
	}
	return !readsLikeName(value) && d.lower+d.upper+d.figures > 3 && (d.figures > 0 || d.changes > 1)
}

// program returns the letters of the flags that take a password, of the last
// program named before i in the same command.
func (sc *scanner) program(i int) (flags string, known bool) {
	s := sc.s
	begin := max(0, i-300)
	text := s[begin:i]
	if n := strings.LastIndexAny(text, "\n|;"); n >= 0 {
		text = text[n+1:]
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" \t\"'`[],()", r) }) {
		word = word[strings.LastIndexByte(word, '/')+1:]
		if f, ok := programs[word]; ok {
			flags, known = f, true
		}
	}
	return flags, known
}

// programs are commands with flags of one letter that take a password; '+'
// says that "p" has it glued to it.
var programs = map[string]string{
	"mysql": "p+", "mysqldump": "p+", "mysqladmin": "p+", "mariadb": "p+", "mariadb-dump": "p+", "mysqlimport": "p+", "sshpass": "p",
	"mongo": "p", "mongosh": "p", "mongodump": "p", "mongorestore": "p", "mongoexport": "p", "redis-cli": "a", "valkey-cli": "a",
	"redis-benchmark": "a", "ldapsearch": "w", "ldapadd": "w", "ldapmodify": "w", "ldapwhoami": "w", "ldapdelete": "w", "ldappasswd": "ws",
	"docker": "p", "podman": "p", "helm": "p", "skopeo": "p", "az": "p", "sqlcmd": "P", "bcp": "P", "tsql": "P", "isql": "P",
	"zip": "P", "unzip": "P", "7z": "p", "ipmitool": "P", "snmpwalk": "cAX", "snmpget": "cAX", "mosquitto_pub": "P", "mosquitto_sub": "P", //nolint:misspell // its name
	"cqlsh": "p", "beeline": "p", "influx": "p", "kinit": "w", "curl": "uU", "wget": "", "ssh": "", "psql": "", "redis-server": "", "nc": "",
	"ps": "", "cp": "", "mkdir": "", "tar": "", "ls": "", "grep": "", "nginx": "", "node": "", "python": "", "java": "", "kubectl": "",
	"openssl": "k", "gpg": "", "rabbitmqadmin": "p", "amqp-publish": "", "ftp": "", "lftp": "u", "svn": "", "smbclient": "U",
}

// passArgument finds "pass:X", as openssl takes it. The colon is at i.
func (sc *scanner) passArgument(i int) int {
	s := sc.s
	begin := i - 4
	if begin < 0 || s[begin:i] != "pass" || begin > 0 && strings.IndexByte(" \"'=,[", s[begin-1]) < 0 {
		return 0
	}
	end := i + 1
	for end < len(s) && strings.IndexByte(" \t\n\"'\\,", s[end]) < 0 {
		end++
	}
	if begin == 0 && (end < len(s) || sc.at.path == "" || !inCommand(sc.at.path)) || begin > 0 && !strings.Contains(s[:begin], "pass") && !strings.Contains(s[:begin], "openssl") {
		return 0
	}
	if end-i < 3 || noSecret(s[i+1:end]) {
		return 0
	}
	return sc.suspect(i+1, end)
}

// flagSecret reports whether a value that has only a flag of one letter for
// its name could be a password.
func flagSecret(name, value string) bool {
	return len(name) == 2 && name[0] == '-' && strings.IndexByte("pPwWa", name[1]) >= 0 && !noSecret(value) && loose(value, false)
}
