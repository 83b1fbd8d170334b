package app

import (
	"math"
	"strings"
)

// publicPrefixes begin the names of variables whose values a build shows to
// whoever can see it, or that anybody can guess.
var publicPrefixes = []string{
	"GITHUB_", "RUNNER_", "ACTIONS_", "GITLAB_", "CI_", "CIRCLE_", "TRAVIS_", "BUILDKITE_", "JENKINS_", "BITBUCKET_",
	"DRONE_", "APPVEYOR_", "SEMAPHORE_", "TEAMCITY_", "CODEBUILD_", "SYSTEM_", "BUILD_", "AGENT_", "GIT_",
	"XDG_", "LC_", "SSH_", "KUBERNETES_",
}

// publicNames are further such variables.
var publicNames = []string{
	"CI", "HOME", "USER", "LOGNAME", "USERNAME", "PATH", "PWD", "OLDPWD", "HOSTNAME", "HOST", "LANG", "LANGUAGE", "SHELL",
	"SHLVL", "TERM", "TZ", "TMPDIR", "TEMP", "TMP", "EDITOR", "PAGER", "MAIL", "DISPLAY", "UID", "GID", "EUID", "PPID", "_",
	"GOPATH", "GOROOT", "JAVA_HOME", "USERPROFILE", "COMPUTERNAME", "APPDATA", "SYSTEMROOT", "WINDIR", "OS",
}

// publicVariable reports whether others can know the value of an environment
// variable, by its name.
func publicVariable(name string) bool {
	name = strings.ToUpper(name)
	for _, p := range publicPrefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	for _, n := range publicNames {
		if name == n {
			return true
		}
	}
	return false
}

// publicValues are variables of which one may have been given another, secret
// sounding name.
var publicValues = []string{
	"GITHUB_SHA", "GITHUB_WORKFLOW_SHA", "GITHUB_REPOSITORY", "GITHUB_REF", "GITHUB_HEAD_REF", "GITHUB_WORKSPACE",
	"GITHUB_SERVER_URL", "GITHUB_WORKFLOW_REF", "CI_COMMIT_SHA", "CI_COMMIT_BEFORE_SHA", "CI_PROJECT_PATH",
	"CI_PROJECT_URL", "CI_PIPELINE_URL", "CI_JOB_URL", "CI_REPOSITORY_URL", "BUILD_URL", "BUILD_SOURCEVERSION", "GIT_COMMIT",
	"CIRCLE_SHA1", "CIRCLE_BUILD_URL", "BUILDKITE_COMMIT", "TRAVIS_COMMIT", "BITBUCKET_COMMIT", "PATH", "PWD", "HOME", "HOSTNAME",
}

// publicValue names the variable that others can know and that has the value;
// empty where there is none.
func (a *App) publicValue(value string) string {
	for _, name := range publicValues {
		if text, ok := a.Lookup(name); ok && text == value {
			return name
		}
	}
	return ""
}

// minKeyBits is the estimate in bits below which a key is refused.
const minKeyBits = 56

// keyBits estimates how hard a key is to guess, in bits, up to what is enough
// for any use. It is made to refuse words, counting and repetition, never what
// is drawn at random: 32 random hexadecimal digits pass.
func keyBits(key string) float64 {
	key = key[:min(len(key), maxJudgedLength)]
	bits, each, least := 0.0, math.Log2(alphabet(key)), minWordLength(key)
	perLetter := wordBits
	if least > 3 {
		perLetter = chanceBits
	}
	wordEnd := 0
	for i := 0; i < len(key); i++ {
		if n := copied(key, i); n >= 4 {
			bits += math.Log2(float64(i+1)) + 1 // where from, and that it ends
			i += n - 1
			continue
		}
		if n := word(key, i); i >= wordEnd && n >= least && pronounceable(key[i:i+n]) {
			wordEnd = i + n
		}
		switch {
		case counts(key, i):
			bits += 0.5
		case i < wordEnd:
			bits += perLetter
		case i > 0 && between(key[i]) && letter(key[i-1]):
			bits++
		default:
			bits += each
		}
	}
	return bits
}

const (
	// maxJudgedLength is how much of a key is looked at.
	maxJudgedLength = 256
	// wordBits is what a letter of a word tells, and of one that stands among
	// letters of both cases or among digits, which may be one by chance.
	wordBits, chanceBits = 2.0, 2.6
)

// minWordLength is how many letters in a row are taken for a word: few where the
// key has next to nothing but letters, and none of them changes case within a
// word.
func minWordLength(key string) int {
	n := 0
	for i := range len(key) {
		if letter(key[i]) || between(key[i]) {
			n++
		}
		if i > 0 && letter(key[i-1]) && letter(key[i]) && key[i-1]&0x20 != 0 && key[i]&0x20 == 0 {
			return 5
		}
	}
	if 4*n >= 3*len(key) {
		return 3
	}
	return 5
}

// between reports whether a byte stands between words.
func between(c byte) bool {
	return c == ' ' || c == '-' || c == '_' || c == '/' || c == '.' || c == ':'
}

// counts reports whether the byte at i only repeats those before it, or counts
// on from them.
func counts(key string, i int) bool {
	if i < 2 {
		return false
	}
	last, before := int(key[i])-int(key[i-1]), int(key[i-1])-int(key[i-2])
	return last == before && last >= -1 && last <= 1
}

// alphabet is how many characters the key is drawn from, by those that it has.
func alphabet(key string) float64 {
	var digits, hexadecimal, lower, upper, other float64
	for i := range len(key) {
		switch c := key[i]; {
		case c >= '0' && c <= '9':
			digits = 10
		case c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			hexadecimal = 6
			if c <= 'F' {
				upper = max(upper, 1)
			} else {
				lower = max(lower, 1)
			}
		case c >= 'a' && c <= 'z':
			lower = 26
		case c >= 'A' && c <= 'Z':
			upper = 26
		case c < ' ' || c > '~':
			other = 160
		case between(c):
			other = max(other, 6)
		default:
			other = max(other, 32)
		}
	}
	if lower < 26 && upper < 26 && lower*upper == 0 {
		return max(2, digits+hexadecimal+other)
	}
	return digits + min(26, 26*lower) + min(26, 26*upper) + other
}

// copied is the length of the longest run at i that stands before i already.
func copied(key string, i int) int {
	longest := 0
	for from := range i {
		n := 0
		for i+n < len(key) && key[from+n] == key[i+n] {
			n++
		}
		longest = max(longest, n)
	}
	return longest
}

// word is the length of the run of letters at i that reads like a word: of one
// case but for its first letter.
func word(key string, i int) int {
	if !letter(key[i]) {
		return 0
	}
	n := 1
	for i+n < len(key) && letter(key[i+n]) && (n == 1 || key[i+n]&0x20 == key[i+1]&0x20) {
		n++
	}
	if n > 1 && key[i]&0x20 != 0 && key[i+1]&0x20 == 0 {
		return 1 // aB is no word
	}
	return n
}

// pronounceable reports whether letters have as many vowels as words have.
func pronounceable(s string) bool {
	vowels := 0
	for _, c := range []byte(s) {
		if strings.IndexByte("aeiouy", c|0x20) >= 0 {
			vowels++
		}
	}
	return 4*vowels >= len(s) || len(s) > 24
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
