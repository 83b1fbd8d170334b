package compose

import (
	"testing"

	"github.com/envparity/parity/internal/collector/collectortest"
)

func TestConformance(t *testing.T) {
	collectortest.Run(t, collectortest.Case{
		Name: "compose", Collector: New(), Config: &Config{Files: []string{"shop"}},
		Files: map[string]string{
			"shop/compose.yaml": `include: [more/compose.yaml]
services:
  web:
    image: registry.example.com/web:${TAG}
    env_file: web.env
    environment: {URL: "https://u:${TOKEN}@example.com/", DB_PASSWORD: '%SECRET_WORD%'}
    extends: {file: base.yaml, service: base}
secrets:
  made: {environment: TOKEN}
`,
			"shop/base.yaml":         "services: {base: {image: base, labels: {a: b}}}\n",
			"shop/more/compose.yaml": "services: {more: {image: 'more:${MORE}'}}\n",
			"shop/more/.env":         "MORE=2\n",
			"shop/web.env":           "API_TOKEN=%SECRET_WORD%\nLEVEL=info\n",
			"shop/.env":              "TAG=1.0\nTOKEN=%SECRET_WORD%\n",
		},
		Facts: []string{"/image", "/environment[name=LEVEL]/value", "/labels/a"},
		Broken: []collectortest.Broken{
			{Name: "syntax", Files: map[string]string{"shop/compose.yaml": "services:\n  web:\n    image: \"%SECRET_JSON%\n"}, Reason: "the Compose file cannot be read"},
			{Name: "form", Files: map[string]string{"shop/compose.yaml": "services:\n  web:\n    ports: {a: '%SECRET_WORD%'}\n"}, Reason: "cannot be loaded"},
			{Name: "unknown key", Files: map[string]string{"shop/compose.yaml": "services:\n  web:\n    image: a\n    secret_%SECRET_WORD%: x\n"}, Reason: "cannot be loaded"},
			{Name: "a template", Files: map[string]string{"shop/compose.yaml": "services:\n  web:\n    image: 'a:${%SECRET_WORD%!}'\n"}, Reason: "cannot be loaded"},
			{Name: "a required variable", Files: map[string]string{"shop/compose.yaml": "services:\n  web:\n    image: 'a:${NEEDED:?%SECRET_WORD%}'\n    command: x\n"}, Keeps: true, Reason: "the variable NEEDED"},
			{Name: "an env file", Files: map[string]string{"shop/web.env": "API_TOKEN=\"%SECRET_WORD%\n"}, Keeps: true, Reason: "env file cannot be read"},
			{Name: "the variables", Files: map[string]string{"shop/.env": "TOKEN=\"%SECRET_WORD%\n"}, Reason: "env file cannot be read"},
			{Name: "a missing env file", Remove: []string{"shop/web.env"}, Keeps: true, Reason: "is not there"},
			{Name: "a loop", Files: map[string]string{"shop/base.yaml": "services: {base: {extends: {file: compose.yaml, service: web}}}\n"}, Reason: "itself"},
			{Name: "an include loop", Files: map[string]string{"shop/more/compose.yaml": "include: [../compose.yaml]\n"}, Reason: "itself"},
			{Name: "a bomb", Files: map[string]string{"shop/compose.yaml": bomb}, Reason: "cannot be read"},
		},
	})
}

const bomb = `x-a: &a [1,1,1,1,1,1,1,1,1,1]
x-b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]
x-c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]
x-d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]
x-e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]
x-f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]
x-g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]
services: {web: {image: a}}
`
