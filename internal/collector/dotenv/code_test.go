package dotenv

import (
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

func TestNamesInCode(t *testing.T) {
	tests := []struct {
		ext, text, want string
		any             bool
	}{
		{".ts", "a(process.env.API_URL);\n// process.env.NOT\nb(process.env['TWO'], import.meta.env.VITE_X)\nDeno.env.get(\"D\")", "API_URL:1 TWO:3 VITE_X:3 D:4", false},
		{".js", "const { A, B: b = 1 } = process.env;\n", "A:1 B:1", false},
		{".js", "load(process.env)\n", "", true},
		{".js", "process.env[name]", "", true},
		{".py", "os.environ['A']\nos.environ.get(\"B\", 1)\nos.getenv('C')\nenv.bool('D')\n# os.getenv('E')", "A:1 B:2 C:3 D:4", false},
		{".py", "dict(os.environ)", "", true},
		{".rb", "ENV['A']\nENV.fetch(\"B\") { 1 }", "A:1 B:2", false},
		{".java", "System.getenv(\"A\")", "A:1", false},
		{".properties", "x=${DB_URL:jdbc}\ny=${other.property}", "DB_URL:1", false},
		{".go", "os.Getenv(\"A\")\nos.LookupEnv(`B`)\nX int `env:\"C\"`", "A:1 B:2 C:3", false},
		{".rs", "std::env::var(\"A\")\nenv!(\"B\")\n#[arg(long, env = \"C\")]", "A:1 B:2 C:3", false},
		{".php", "getenv('A'); env('B', 1); $_ENV['C'];", "A:1 B:1 C:1", false},
		{".cs", "Environment.GetEnvironmentVariable(\"A\")", "A:1", false},
		{".ex", "System.fetch_env!(\"A\")", "A:1", false},
		{".sh", "${A:?needed} ${B?} ${C:-default} $D", "A:1 B:1", false},
	}
	for _, tt := range tests {
		lang := languages[tt.ext]
		var got []string
		for _, h := range lang.names([]byte(tt.text)) {
			got = append(got, h.name+":"+string(rune('0'+h.line)))
		}
		if text := strings.Join(got, " "); text != tt.want || lang.any([]byte(tt.text)) != tt.any {
			t.Errorf("%s %q: got %q, any %v", tt.ext, tt.text, text, lang.any([]byte(tt.text)))
		}
	}
}

func FuzzNamesInCode(f *testing.F) {
	f.Add(".ts", "const {A, B: b} = process.env; process.env.C")
	f.Add(".py", "os.environ['A']")
	f.Fuzz(func(t *testing.T, ext, text string) {
		lang := languages[ext]
		lang.any([]byte(text))
		lines := strings.Count(text, "\n") + 1
		for _, h := range lang.names([]byte(text)) {
			if h.name == "" || h.line < 1 || h.line > lines || !strings.Contains(text, h.name) {
				t.Errorf("%q at line %d of %d", h.name, h.line, lines)
			}
		}
	})
}

// TestAgainstCode states what is asked for and not set, and the other way.
func TestAgainstCode(t *testing.T) {
	files := map[string]string{
		".env.staging": "A=1\nSTRAY=1\n", ".env.example": "A=\nB=example\n",
		"src/a.ts": "process.env.A\nprocess.env.C\n", "node_modules/x/i.js": "process.env.STRAY\n",
	}
	for _, tt := range []struct {
		name string
		add  map[string]string
		cfg  Config
		want []string
	}{
		{"example", nil, Config{Example: ".env.example"}, []string{"asked B .env.example:2"}},
		{"code", nil, Config{Code: []string{"**"}}, []string{"asked C src/a.ts:2", "unasked STRAY"}},
		{"both", nil, Config{Code: []string{"src"}, Example: ".env.example"}, []string{"asked B .env.example:2", "asked C src/a.ts:2", "unasked STRAY"}},
		{"all variables", map[string]string{"src/b.js": "f(process.env)"}, Config{Code: []string{"src"}}, []string{"asked C src/a.ts:2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all := map[string]string{}
			for _, m := range []map[string]string{files, tt.add} {
				for name, text := range m {
					all[name] = text
				}
			}
			tt.cfg.Files = []string{".env.staging"}
			out := run(t, all, tt.cfg)
			var got []string
			for _, x := range out.subjects[0].Traits {
				got = append(got, x.Kind+" "+x.Value)
			}
			if !slices.Equal(got, tt.want) || len(out.gaps) > 0 {
				t.Errorf("got %q, gaps %v", got, out.gaps)
			}
		})
	}
	out := run(t, files, Config{Files: []string{".env.staging"}, Code: []string{"gone"}, Example: ".env.gone"})
	if len(out.gaps) != 2 || out.gaps[0].Hides != parity.HidesNothing || len(out.facts) != 2 {
		t.Errorf("gaps %+v", out.gaps)
	}
}

func TestLayers(t *testing.T) {
	out := run(t, map[string]string{
		"web/.env": "A=1\nB=1\nC=1\nD=1\n", "web/.env.local": "B=2\nC=2\nD=2\n", "web/.env.prod": "C=3\nD=3\n",
		"web/.env.prod.local": "D=4\n", "web/.env.dev": "A=9\n", "over.env": "E=5\n",
	}, Config{Mode: "prod", Directory: "web", Files: []string{"over.env"}})
	var got []string
	for i := range out.facts {
		got = append(got, out.facts[i].Path+"="+out.facts[i].Value.Raw)
	}
	if text := strings.Join(got, " "); text != "/A=1 /B=2 /C=3 /D=4 /E=5" {
		t.Error(text)
	}
}

func TestEnvrc(t *testing.T) {
	out := run(t, map[string]string{".envrc": "source_up\nexport A=1\nPATH_add bin\nexport B=$(pass show x)\nif true; then\n  export C='x y'\nfi\n"}, Config{Files: []string{".envrc"}})
	var got []string
	for i := range out.facts {
		got = append(got, out.facts[i].Source()+" "+out.facts[i].Path+"="+out.facts[i].Value.Raw)
	}
	if text := strings.Join(got, "; "); text != ".envrc:2:10 /A=1; .envrc:6:12 /C=x y" {
		t.Error(text)
	}
	var gaps []string
	for _, g := range out.gaps {
		gaps = append(gaps, g.Where+g.Path+" "+string(g.Hides))
	}
	if text := strings.Join(gaps, "; "); text != ".envrc:1 parts; .envrc:4/B parts" {
		t.Error(text)
	}
}
