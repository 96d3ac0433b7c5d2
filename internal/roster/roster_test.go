package roster_test

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/roster"
)

func TestParse(t *testing.T) {
	rows, err := roster.Parse([]byte("\ufeffusername,role,name,queues,password,supervises\r\nanna,,\"Anna, B\",web;sales,right horse,\r\nsara,supervisor,,,,web sales\n"))
	if err != nil || len(rows) != 2 {
		t.Fatalf("%+v, %v", rows, err)
	}
	a, s := rows[0], rows[1]
	if a.Line != 2 || a.Username != "anna" || a.Role != nil || *a.Name != "Anna, B" || strings.Join(*a.Queues, "+") != "web+sales" || a.Password != "right horse" || a.Supervises != nil {
		t.Errorf("anna: %+v", a)
	}
	if *s.Role != "supervisor" || s.Queues != nil || strings.Join(*s.Supervises, "+") != "web+sales" {
		t.Errorf("sara: %+v", s)
	}
}

func TestMistakes(t *testing.T) {
	const header = "username,role,name,queues,password\n"
	for file, says := range map[string]string{
		"":                             "the first line has to be username,role,name,queues,password",
		"name\nx\n":                    "the first line has to be",
		header + "a,b\n":               "line 2: wrong number of fields; write 5 cells",
		header + ",,,,\n":              "line 2 has no username",
		header + "a,,,,\nb,,,,\na,,,,": "line 4: the user a stands in line 2 already",
	} {
		_, err := roster.Parse([]byte(file))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", file, err, says)
		}
	}
	_, err := roster.Parse([]byte(header + ",,,,\n"))
	if got := lang.For("de").Sentence(err); got == lang.For("en").Sentence(err) {
		t.Errorf("in German: %q", got)
	}
}
