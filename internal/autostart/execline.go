package autostart

import "strings"

// reserved are the characters for which the Desktop Entry specification wants
// a word of Exec quoted.
const reserved = " \t\n\"'\\><~|&;$*?#()`"

var inQuotes = strings.NewReplacer(`"`, `\"`, "`", "\\`", `$`, `\$`, `\`, `\\`)

// execLine is the value of Exec before the escapes that every value has.
//
// The specification allows no equals sign in the path of the program, and
// neither GLib nor systemd finds one that has a percent sign, written once or
// twice. As an argument of a shell, either is well.
func execLine(p program) string {
	words := p.words()
	if strings.ContainsAny(p.path, "%=") {
		words = append([]string{"/bin/sh", "-c", `exec "$0" "$@"`}, words...)
	}
	for i, word := range words {
		words[i] = execWord(word)
	}
	return strings.Join(words, " ")
}

func execWord(word string) string {
	word = strings.ReplaceAll(word, "%", "%%") // or it would be a field code
	if word == "" || strings.ContainsAny(word, reserved) {
		return `"` + inQuotes.Replace(word) + `"`
	}
	return word
}

// execWords are the words of the value of Exec, whose escapes are undone
// already. It reads what desktops accept, which is more than the specification
// allows: single quotes, and backslashes outside of quotes. It returns nil if a
// quote is not closed.
func execWords(line string) []string {
	var words []string
	var word strings.Builder
	var quote byte // the one that is open, or 0
	begun := false // even an empty pair of quotes is a word
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '\\' && quote != '\'' && i+1 < len(line) && (quote == 0 || strings.IndexByte("\"`$\\", line[i+1]) >= 0):
			i++
			word.WriteByte(line[i])
			begun = true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, begun = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if begun {
				words = append(words, withoutFieldCodes(word.String()))
			}
			word.Reset()
			begun = false
		default:
			word.WriteByte(c)
			begun = true
		}
	}
	if quote != 0 {
		return nil
	}
	if begun {
		words = append(words, withoutFieldCodes(word.String()))
	}
	return words
}

// withoutFieldCodes is the word as it is when nothing is opened with the
// program: %% is a percent sign, %u and its like are nothing.
func withoutFieldCodes(word string) string {
	var out strings.Builder
	for i := 0; i < len(word); i++ {
		if word[i] != '%' {
			out.WriteByte(word[i])
			continue
		}
		i++
		if i < len(word) && word[i] == '%' {
			out.WriteByte('%')
		}
	}
	return out.String()
}
