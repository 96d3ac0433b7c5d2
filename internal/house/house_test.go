package house_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/deskbell/deskbell/"

// mayImport lists, for each package, what of ours it may import. Arrows point
// down only; a package that is not here has no place in the house yet.
var mayImport = map[string][]string{
	"internal/call":     {},
	"internal/clean":    {},
	"internal/lang":     {"assets/translations"},
	"internal/link":     {"internal/lang"},
	"internal/routing":  {"internal/call"},
	"internal/wire":     {"internal/call"},
	"internal/calllog":  {"internal/call"},
	"internal/vidaoo":   {"internal/clean", "internal/link"},
	"internal/trail":    {"internal/call"},
	"internal/roster":   {"internal/lang"},
	"internal/outbound": {"internal/link"},
	"internal/outbox":   {"internal/calllog"},
	"internal/report":   {"internal/call", "internal/clean", "internal/wire"},
	"internal/hub": {"internal/call", "internal/calllog", "internal/clean", "internal/link", "internal/outbound", "internal/outbox", "internal/report", "internal/routing", "internal/trail",
		"internal/vidaoo", "internal/wire"},
	"internal/web":   {"assets", "internal/call", "internal/clean", "internal/lang", "internal/roster", "internal/trail", "internal/vidaoo", "internal/wire"},
	"internal/agent": {"internal/call", "internal/lang", "internal/trail", "internal/wire"},

	"internal/credential":  {"internal/lang"},
	"internal/autostart":   {"internal/lang"},
	"internal/idle":        {"internal/lang"},
	"internal/instance":    {},
	"assets":               {},
	"assets/translations":  {},
	"assets/generate":      {"assets/internal/draw"},
	"assets/internal/draw": {},
	"notify":               {"internal/lang"},
	"notify/ring":          {"internal/lang", "notify"},
	"ui":                   {"assets", "internal/agent", "internal/call", "internal/clean", "internal/credential", "internal/lang", "internal/link", "internal/trail", "internal/wire", "notify"},

	"cmd/deskbell":     {"assets", "internal/agent", "internal/autostart", "internal/credential", "internal/idle", "internal/instance", "internal/wire", "notify", "notify/ring", "ui"},
	"cmd/deskbell-hub": {"internal/call", "internal/calllog", "internal/clean", "internal/demo", "internal/hub", "internal/report", "internal/roster", "internal/routing", "internal/vidaoo", "internal/vidaoo/vidaootest", "internal/web", "internal/wire"},

	"internal/demo":                {"internal/clean", "internal/vidaoo", "internal/vidaoo/vidaootest"},
	"internal/vidaoo/vidaootest":   {"internal/clean", "internal/link"},
	"internal/hub/hubtest":         {"internal/call", "internal/hub", "internal/vidaoo", "internal/wire"},
	"internal/desktoptest":         {},
	"internal/walkthrough":         {"internal/desktoptest", "internal/lang"},
	"internal/walkthrough/play":    {"internal/walkthrough"},
	"internal/winetest":            {},
	"internal/winetest/credential": {},
	"internal/gauge":               {"internal/agent", "internal/desktoptest"},
	"internal/gauge/measure":       {"internal/gauge"},
	"internal/gauge/bare":          {"assets"},
	"internal/house":               {},
	"notify/notifytest":            {"notify"},
}

// withoutCgo must build with CGO_ENABLED=0 for each system.
var withoutCgo = []string{"./cmd/deskbell-hub", "./internal/agent", "./internal/credential", "./notify"}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestArrowsPointDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-tags", "migrated_fynedo", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		name := strings.TrimPrefix(p.ImportPath, module)
		allowed, known := mayImport[name]
		if !known {
			t.Errorf("%s has no place in the house: add it to mayImport and to docs/architecture.md", name)
		}
		for _, i := range p.Imports {
			if ours, is := strings.CutPrefix(i, module); is && known && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s: arrows point down only", name, ours)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d packages listed", seen)
	}
}

func TestBuildsWithoutCgo(t *testing.T) {
	for _, system := range []string{"linux", "windows", "darwin"} {
		t.Run(system, func(t *testing.T) {
			c := exec.Command("go", append([]string{"build", "-C", "../..", "-o", t.TempDir() + "/"}, withoutCgo...)...)
			c.Env = append(c.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH=amd64")
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
