package lang_test

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"

	"github.com/deskbell/deskbell/assets/translations"
	"github.com/deskbell/deskbell/internal/lang"
)

var update = flag.Bool("update", false, "write what the source says into the files of translations")

const root = "../.."

// said is a sentence in the source.
type said struct {
	where  string
	counts bool // it has plural forms
}

// sentences are what the source says with package lang, by their English, and
// what the templates of pages say.
func sentences(t *testing.T) map[string]said {
	t.Helper()
	all := map[string]said{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "testdata" || d.Name() == "build"):
			return fs.SkipDir
		case d.IsDir() || strings.HasSuffix(path, "_test.go"):
			return nil
		case strings.HasSuffix(path, ".html"):
			return templateSentences(path, all)
		case !strings.HasSuffix(path, ".go"):
			return nil
		}
		return sentencesOf(path, all)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sentencesOf(path string, all map[string]said) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		c, is := n.(*ast.CallExpr)
		if !is {
			return true
		}
		// lang.T("…") in an app, v.T("…") of a voice in a server.
		f, is := c.Fun.(*ast.SelectorExpr)
		if !is || !slices.Contains([]string{"T", "N", "Errorf", "Mark"}, f.Sel.Name) {
			return true
		}
		if of, is := f.X.(*ast.Ident); f.Sel.Name == "Errorf" && (!is || of.Name != "lang") {
			return true
		}
		at := 0
		if f.Sel.Name == "N" {
			at = 2
		}
		if len(c.Args) <= at {
			return true
		}
		if english, is := literal(c.Args[at]); is {
			english = strings.ReplaceAll(english, "%w", "%s")
			all[english] = said{where: set.Position(c.Pos()).String(), counts: at == 2}
		}
		return true
	})
	return nil
}

// templateSentences are {{t "…"}} and {{n count "…" "…"}} of a page.
func templateSentences(path string, all map[string]said) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	tree := parse.New(path)
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(string(source), "", "", trees); err != nil {
		return err
	}
	for _, t := range trees {
		nodesOf(t.Root, func(c *parse.CommandNode) { templateSentence(path, c, all) })
	}
	return nil
}

func templateSentence(path string, c *parse.CommandNode, all map[string]said) {
	f, is := c.Args[0].(*parse.IdentifierNode)
	if !is || f.Ident != "t" && f.Ident != "n" {
		return
	}
	at := 1
	if f.Ident == "n" {
		at = 3
	}
	if len(c.Args) > at {
		if english, is := c.Args[at].(*parse.StringNode); is {
			all[english.Text] = said{where: path, counts: f.Ident == "n"}
		}
	}
}

// nodesOf gives every command of a template: nodes hold others in fields of many
// types, and all of them are walked.
func nodesOf(node any, found func(*parse.CommandNode)) {
	if c, is := node.(*parse.CommandNode); is {
		found(c)
	}
	v := reflect.Indirect(reflect.ValueOf(node))
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case !f.CanInterface(): // the tree that it is of
		case f.Kind() == reflect.Slice:
			for j := range f.Len() {
				if n, is := f.Index(j).Interface().(parse.Node); is {
					nodesOf(n, found)
				}
			}
		case f.Kind() == reflect.Pointer && !f.IsNil() || f.Kind() == reflect.Struct:
			nodesOf(f.Interface(), found)
		}
	}
}

// literal is a string as it stands in the source, in one piece or several.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, isLeft := literal(e.X)
		right, isRight := literal(e.Y)
		return left + right, isLeft && isRight
	default:
		return "", false
	}
}

// forms reads a file as what each sentence has: one text, or one for each form.
func forms(t *testing.T, tag string) map[string]map[string]string {
	t.Helper()
	data, err := translations.Files.ReadFile(tag + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatalf("%s.json: %v", tag, err)
	}
	all := map[string]map[string]string{}
	for english, value := range raw {
		var one string
		if json.Unmarshal(value, &one) == nil {
			all[english] = map[string]string{"": one}
			continue
		}
		several := map[string]string{}
		if err := json.Unmarshal(value, &several); err != nil {
			t.Errorf("%s.json: %q is neither a text nor an object of texts", tag, english)
		}
		all[english] = several
	}
	return all
}

// TestTranslations names what a language lacks and what nobody says any more.
func TestTranslations(t *testing.T) {
	source := sentences(t)
	if len(source) < 300 {
		t.Fatalf("only %d sentences found in the source", len(source))
	}
	for _, l := range lang.Languages[1:] {
		t.Run(l.Tag, func(t *testing.T) {
			if *update {
				rewrite(t, l.Tag, source)
			}
			have := forms(t, l.Tag)
			for english, s := range source {
				translated, has := have[english]
				if !has {
					t.Errorf("missing: %q (%s)", english, s.where)
					continue
				}
				checkForms(t, english, s.counts, translated)
			}
			for english := range have {
				if _, is := source[english]; !is {
					t.Errorf("unused: %q", english)
				}
			}
		})
	}
}

func checkForms(t *testing.T, english string, counts bool, translated map[string]string) {
	t.Helper()
	if counts && (translated["one"] == "" || translated["other"] == "") {
		t.Errorf("%q counts: it needs the forms one and other", english)
	}
	if !counts && len(translated) != 1 {
		t.Errorf("%q does not count: it needs one text", english)
	}
	for form, words := range translated {
		if strings.TrimSpace(words) == "" {
			t.Errorf("%q: the form %q is empty", english, form)
		}
		if got, want := verbs(words), verbs(english); !slices.Equal(got, want) {
			t.Errorf("%q: the parts of %q are %q, want %q", english, words, got, want)
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([-+# 0]*\d*(?:\.\d+)?[a-zA-Z%])`)

// verbs are the parts of a format in the order of what is filled in.
func verbs(format string) []string {
	var all []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		for len(all) < next {
			all = append(all, "")
		}
		all[next-1] = m[2]
		next++
	}
	return all
}

// rewrite has a file hold what the source says: what it lacks gets an empty
// translation, and what nobody says goes away.
func rewrite(t *testing.T, tag string, source map[string]said) {
	have := forms(t, tag)
	out := map[string]any{}
	for english, s := range source {
		switch translated := have[english]; {
		case translated[""] != "":
			out[english] = translated[""]
		case translated != nil && s.counts:
			out[english] = translated
		case s.counts:
			out[english] = map[string]string{"one": "", "other": ""}
		default:
			out[english] = ""
		}
	}
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(out); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "assets/translations", tag+".json"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// said to a person by packages whose strings are read by people.
var speaking = []string{"ui", "notify", "notify/ring"}

// notWords are strings with letters that stay as they are.
var notWords = []string{
	"Deskbell", " · Deskbell", "Ag", // a name; letters that are measured
	"Cut", "Copy", "Paste", "Select all", "Undo", "Redo", // Fyne's keys of its own words
	"Xfce Notify Daemon", "Inhibited", "Success", "Critical", // names of the system's

	// Errors for the log: what a person reads of them is another sentence.
	"an earlier call still hangs", "the system took longer than ", "the surface is being closed", "the connection was closed",
	"the system's tool for notices failed", "this system does not say whether it hides notifications", "HRESULT 0x%08X", "system error %d",
}

// TestEverythingIsTranslatable finds words on the screen that do not go through
// this package: literals with a space in them or with a capital at their
// beginning, other than those for the log.
func TestEverythingIsTranslatable(t *testing.T) {
	for _, folder := range speaking {
		files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no source of %s (%v)", folder, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool { return looksUnsaid(t, set, n) })
		}
	}
}

// looksUnsaid reports a literal that looks like words, and tells whether to look
// further down.
func looksUnsaid(t *testing.T, set *token.FileSet, n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.Field:
		return n.Tag == nil
	case *ast.CallExpr:
		if f, is := n.Fun.(*ast.Ident); is && f.Name == "line" {
			return false // of the diagnostics, which an administrator reads
		}
		f, is := n.Fun.(*ast.SelectorExpr)
		return !is || !slices.Contains([]string{"T", "N", "Errorf", "Mark", "Debug", "Info", "Warn", "Error", "Name", "NameHasOwner"}, f.Sel.Name)
	case *ast.BasicLit:
		words, err := strconv.Unquote(n.Value)
		if err == nil && n.Kind == token.STRING && wordlike.MatchString(words) && !slices.Contains(notWords, words) {
			t.Errorf("%s: %q is not said with package lang", set.Position(n.Pos()), words)
		}
	}
	return true
}

var wordlike = regexp.MustCompile(`^\p{Lu}[\p{Ll}]+$|\p{L} \p{L}|\p{L}{2}.* `)
