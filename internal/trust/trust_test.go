package trust

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "",
		" , \n,":                          "",
		"T=h":                             "T=h",
		" T = H.Example.COM. ,":           "T=h.example.com",
		"T=h:9090,U=[::1]:80\nV=10.1.2.3": "T=h:9090 U=[::1]:80 V=10.1.2.3",
		"# all of it\nT=h # no":           "error",
		"# T=a,U=b\r\nV=c\r\n":            "V=c",
		"file:/run/a=b=h":                 "file:/run/a=b=h",
		"T":                               "error",
		"=h":                              "error",
		"T=":                              "error",
		"T=h:":                            "error",
		"T=h:0":                           "error",
		"T=h:080":                         "error",
		"T=h:65536":                       "error",
		"T=*.example.com":                 "error",
		"T=*":                             "error",
		"T=https://h":                     "error",
		"T=h/x":                           "error",
		"T=u@h":                           "error",
		"T=h..x":                          "error",
		"T=[h]":                           "error",
		"T=::1":                           "error",
		"T=[fe80::1%eth0]":                "error",
		"1T=h":                            "error",
		"T U=h":                           "error",
		"file:run/a=h":                    "error",
		"file:/a\x1b=h":                   "error",
	} {
		list, err := Parse(text)
		got := make([]string, len(list))
		for i, b := range list {
			got[i] = b.String()
		}
		if text := strings.Join(got, " "); err == nil && text != want || (err != nil) != (want == "error") {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
	const secret = "hunter2MARKER"
	if _, err := Parse("T=h," + secret); err == nil || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "entry 2") {
		t.Errorf("%v", err)
	}
	if _, err := Parse(strings.Repeat("T=h,", maxBindings+1)); err == nil {
		t.Error("there is no bound")
	}
}

func TestCheck(t *testing.T) {
	allow := Load("T=h.example.com,T=[::1]:81,T=127.0.0.1:80,U=h.example.com:8443", File{})
	for at, want := range map[string]bool{
		"https://h.example.com/x": true, "https://H.example.com.": true, "https://h.example.com:443": true,
		"https://h.example.com:8443": false, "https://example.com": false, "https://x.h.example.com": false,
		"http://h.example.com": false, "http://[::1]:81": true, "http://[0:0::1]:81": false, "http://127.0.0.1": true, "http://127.0.0.1:8080": false,
		"ftp://h.example.com:443": false,
	} {
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		if err := allow.Check("T", u); (err == nil) != want {
			t.Errorf("%s: %v", at, err)
		}
		if err := (Allowed{}).Check("T", u); err == nil {
			t.Errorf("%s is allowed by nobody", at)
		}
	}
	u := &url.URL{Scheme: "https", Host: "h.example.com:8443"}
	err := allow.Check("T", u)
	if hint := parity.HintOf(err); !strings.Contains(hint, "parity allow T h.example.com:8443") || !strings.Contains(hint, "PARITY_ALLOW") {
		t.Error(hint)
	}
	broken := Load("T=h.example.com,nonsense", File{})
	if err := broken.Check("T", &url.URL{Scheme: "https", Host: "h.example.com"}); err == nil || !strings.Contains(err.Error(), "PARITY_ALLOW") {
		t.Errorf("a list with a fault allows: %v", err)
	}
}

// TestFile holds who may have written the file that is obeyed.
func TestFile(t *testing.T) {
	dir, project := t.TempDir(), t.TempDir()
	f := InDir(dir, project)
	if list, err := f.Bindings(); err != nil || len(list) > 0 {
		t.Fatalf("%v, %v", list, err)
	}
	for _, host := range []string{"h", "h:9090", "h"} {
		if _, err := f.Add("T", host); err != nil {
			t.Fatal(err)
		}
	}
	if added, err := f.Add("U", "H."); err != nil || !added {
		t.Fatal(added, err)
	}
	want := []Binding{{"T", "h"}, {"T", "h:9090"}, {"U", "h"}}
	if list, err := f.Bindings(); err != nil || !slices.Equal(list, want) {
		t.Errorf("%v, %v", list, err)
	}
	if n, err := f.Remove("T", "h"); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := f.Remove("U", ""); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if list, err := f.Bindings(); err != nil || !slices.Equal(list, want[1:2]) {
		t.Errorf("%v, %v", list, err)
	}
	for _, pair := range [][2]string{{"T U", "h"}, {"T", "https://h"}, {"T", "h,U=h"}, {"T", "h\nU=h"}, {"", "h"}} {
		if _, err := f.Add(pair[0], pair[1]); parity.CodeOf(err) != parity.CodeUsage {
			t.Errorf("%q: %v", pair, err)
		}
	}
	refused := func(name string, f File, want string) {
		t.Helper()
		allow := Load("", f)
		if err := allow.Check("T", &url.URL{Scheme: "https", Host: "h:9090"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if err := Load("", f).Check("T", &url.URL{Scheme: "https", Host: "h:9090"}); err != nil {
		t.Error(err)
	}
	refused("inside", InDir(dir, dir), "lies in the repository")
	link := filepath.Join(t.TempDir(), "config")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	refused("inside by a link", InDir(link, dir), "lies in the repository")
	refused("its project by a link", InDir(dir, link), "lies in the repository")
	if runtime.GOOS != "windows" {
		if err := os.Chmod(f.Path, 0o640); err != nil {
			t.Fatal(err)
		}
		refused("readable by others", f, "others than its owner")
	}
	if err := os.WriteFile(f.Path, []byte("T=h:9090\nx\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(f.Path, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("broken", f, "entry 2")
	if err := os.WriteFile(f.Path, make([]byte, maxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	refused("large", f, "larger than")
	if err := os.Remove(f.Path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(f.Path, 0o700); err != nil {
		t.Fatal(err)
	}
	refused("a directory", f, "not a regular file")
}

// FuzzParse holds that no list panics, that what is read reads the same again,
// and that nothing but what is bound is allowed.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"T=h,U=[::1]:9", "# c\nfile:/a b=h:1\n", "T=h:", "T==h", "T=\x00", "\xff=h", "T=h]:1", "T=[:", "T=h\r\n,"} {
		f.Add(text, "https://h:1/x")
	}
	f.Fuzz(func(t *testing.T, text, at string) {
		list, err := Parse(text)
		if err != nil {
			return
		}
		var out strings.Builder
		for _, b := range list {
			out.WriteString(b.String() + "\n")
		}
		again, err := Parse(out.String())
		if err != nil || !slices.Equal(again, list) {
			t.Fatalf("%q is %v, and then %v, %v", text, list, again, err)
		}
		u, err := url.Parse(at)
		if err != nil {
			return
		}
		allowed := Allow(list...)
		if allowed.Binds("NOT_IN_THE_LIST", u) && !slices.ContainsFunc(list, func(b Binding) bool { return b.Credential == "NOT_IN_THE_LIST" }) {
			t.Fatalf("%q binds what it does not name", text)
		}
		for _, b := range list {
			host, _ := splitPort(b.Host)
			if allowed.Check(b.Credential, u) == nil && !slices.ContainsFunc(list, func(o Binding) bool {
				h, _ := splitPort(o.Host)
				return o.Credential == b.Credential && strings.EqualFold(strings.Trim(h, "[]"), strings.TrimSuffix(u.Hostname(), "."))
			}) {
				t.Fatalf("%q allows %s for %s, bound to %s", text, b.Credential, at, host)
			}
		}
	})
}
