package autostart_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/autostart"
)

// fakeRegistry is a registry in memory; values are a string or []byte.
type fakeRegistry struct {
	values map[string]any
	broken error // the answer to everything, if set
}

var _ autostart.Registry = (*fakeRegistry)(nil)

func newFakeRegistry() *fakeRegistry { return &fakeRegistry{values: make(map[string]any)} }

func (r *fakeRegistry) Text(key, name string) (string, error) {
	return valueOf[string](r, key, name)
}

func (r *fakeRegistry) Bytes(key, name string) ([]byte, error) {
	return valueOf[[]byte](r, key, name)
}

func valueOf[T any](r *fakeRegistry, key, name string) (T, error) {
	value, is := r.values[key+`\`+name].(T)
	if !is && r.broken == nil {
		return value, fs.ErrNotExist
	}
	return value, r.broken
}

func (r *fakeRegistry) SetText(key, name, text string) error {
	r.values[key+`\`+name] = text
	return r.broken
}

func (r *fakeRegistry) Delete(key, name string) error {
	if _, there := r.values[key+`\`+name]; !there && r.broken == nil {
		return fs.ErrNotExist
	}
	delete(r.values, key+`\`+name)
	return r.broken
}

const (
	bellExe  = `C:\Program Files\Deskbell\deskbell.exe`
	runEntry = autostart.RunKey + `\` + appName
	approval = autostart.ApprovedKey + `\` + appName
)

func newRunValue(t *testing.T, r autostart.Registry, executable string) *autostart.Autostart {
	t.Helper()
	a, err := autostart.NewRunValue(app(executable), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestRunValue(t *testing.T) {
	r := newFakeRegistry()
	here, moved := newRunValue(t, r, bellExe), newRunValue(t, r, `D:\deskbell.exe`)
	expect(t, here, false)
	change(t, here, false)
	change(t, here, true)
	if got, want := r.values[runEntry], `"`+bellExe+`" --hidden`; got != want {
		t.Errorf("the value is %q, want %q", got, want)
	}
	expect(t, moved, false)
	change(t, moved, true)
	expect(t, here, false)
	change(t, here, true)
	change(t, here, false)
	if len(r.values) != 0 {
		t.Errorf("left behind: %v", r.values)
	}
}

func TestEditedRunValue(t *testing.T) {
	for _, tt := range []struct {
		name    string
		command any
		want    bool
	}{
		{"other options", `"` + bellExe + `" --hub https://hub`, true},
		{"no quotes", bellExe + ` --hidden`, true},
		{"no quotes, no options", bellExe, true},
		{"another case", strings.ToUpper(bellExe), true},
		{"leading spaces", `  "` + bellExe + `"`, true},

		{"another program", `"C:\Program Files\Other\deskbell.exe" --hidden`, false},
		{"longer name", bellExe + `2`, false},
		{"open quote of another", `"C:\Program`, false},
		{"empty", "", false},
		{"not a text", []byte{1}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newFakeRegistry()
			r.values[runEntry] = tt.command
			a := newRunValue(t, r, bellExe)
			expect(t, a, tt.want)
			change(t, a, true)
			if got, is := r.values[runEntry].(string); !is || (got == tt.command) != tt.want {
				t.Errorf("after Set(true) it is %v", r.values[runEntry])
			}
		})
	}
}

// The Task Manager leaves the value and notes that it is switched off.
func TestTaskManager(t *testing.T) {
	date := []byte{0x10, 0x8e, 0x3c, 0x5a, 0x2f, 0x11, 0xd9, 0x01}
	for _, tt := range []struct {
		name  string
		notes any
		want  bool
	}{
		{"on", append([]byte{2, 0, 0, 0}, make([]byte, 8)...), true},
		{"on, by the settings", append([]byte{6, 0, 0, 0}, make([]byte, 8)...), true},
		{"zeros", make([]byte, 12), true},
		{"nothing", []byte{}, true},
		{"another type", "off", true},
		{"off", append([]byte{3, 0, 0, 0}, date...), false},
		{"off, by the settings", append([]byte{7, 0, 0, 0}, date...), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newFakeRegistry()
			a := newRunValue(t, r, bellExe)
			change(t, a, true)
			r.values[approval] = tt.notes
			expect(t, a, tt.want)
			change(t, a, true)
			change(t, a, false)
			if len(r.values) != 0 {
				t.Errorf("left behind: %v", r.values)
			}
		})
	}
}

func TestRegistryIsClosed(t *testing.T) {
	r := newFakeRegistry()
	r.broken = errors.New("access is denied")
	a := newRunValue(t, r, bellExe)
	for _, call := range []func() error{
		func() error { _, err := a.Enabled(); return err },
		func() error { return a.Set(true) },
		func() error { return a.Set(false) },
	} {
		if err := call(); !errors.Is(err, r.broken) || !strings.Contains(err.Error(), "ask your administrator") {
			t.Errorf("%v does not say what to do", err)
		}
	}
}
