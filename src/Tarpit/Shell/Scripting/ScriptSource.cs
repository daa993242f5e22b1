using System.Text;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>The text of a program and where it is read: blanks and comments, names, numbers and quoted texts.</summary>
internal sealed class ScriptSource(string text, bool isPhp)
{
    private const int MostNested = 120;
    private const int LongestChain = 1000;
    private int _nested;

    public int At { get; set; }

    public bool IsPhp => isPhp;

    public string Text => text;

    public bool IsEnd
    {
        get
        {
            Skip();
            return At >= text.Length;
        }
    }

    public char Now => At < text.Length ? text[At] : '\0';

    public int Line => 1 + text.AsSpan(0, Math.Min(At, text.TrimEnd('\n').Length)).Count('\n');

    public char After(int characters) => At + characters < text.Length ? text[At + characters] : '\0';

    public void Skip()
    {
        while (At < text.Length)
        {
            if (char.IsWhiteSpace(text[At]))
            {
                At++;
            }
            else if (text[At] == '#' || (isPhp && Now == '/' && After(1) == '/'))
            {
                At = text.IndexOf('\n', At) is >= 0 and var end ? end : text.Length;
            }
            else if (isPhp && Now == '/' && After(1) == '*')
            {
                At = text.IndexOf("*/", At, StringComparison.Ordinal) is >= 0 and var end ? end + 2 : text.Length;
            }
            else
            {
                return;
            }
        }
    }

    public bool Is(string word)
    {
        Skip();
        return string.CompareOrdinal(text, At, word, 0, word.Length) == 0 && !(IsLetter(word[^1]) && IsLetter(After(word.Length)) && !(word is "x" && char.IsAsciiDigit(After(1))));
    }

    public bool Take(string word)
    {
        if (!Is(word))
        {
            return false;
        }

        At += word.Length;
        return true;
    }

    public void Expect(string word)
    {
        if (!Take(word))
        {
            throw Fault();
        }
    }

    public static bool IsLetter(char c) => c == '_' || char.IsAsciiLetterOrDigit(c);

    /// <summary>A name, with "::" of modules; null: none stands here.</summary>
    public string? Name()
    {
        Skip();
        int end = At;
        while (end < text.Length && (IsLetter(text[end]) || (text[end] == ':' && end + 2 < text.Length && text[end + 1] == ':' && IsLetter(text[end + 2]) && (end += 1) > 0) || (isPhp && text[end] == '\\')))
        {
            end++;
        }

        if (end == At || char.IsAsciiDigit(text[At]))
        {
            return null;
        }

        string name = text[At..end];
        At = end;
        return name;
    }

    /// <summary>What is between marks, with brackets within brackets; the mark stands here.</summary>
    public string Quoted()
    {
        char open = Now, close = open switch { '(' => ')', '[' => ']', '{' => '}', '<' => '>', _ => open };
        int depth = 0, line = Line, start = ++At;
        for (; At < text.Length; At++)
        {
            if (text[At] == '\\')
            {
                At++;
            }
            else if (text[At] == close && depth-- == 0)
            {
                return text[start..At++];
            }
            else if (text[At] == open && open != close)
            {
                depth++;
            }
        }

        At = text.Length;
        throw new ScriptSyntaxException($"\0{close}", line);
    }

    public ScriptSyntaxException Fault()
    {
        Skip();
        string near = At < text.Length ? text[At..Math.Min(text.Length, text.IndexOf('\n', At) is >= 0 and var end ? end + 1 : text.Length)].TrimEnd('\n') : "";
        return new ScriptSyntaxException(near, Line);
    }

    public void Enter()
    {
        if (++_nested > MostNested)
        {
            throw Fault();
        }
    }

    public void Leave() => _nested--;

    /// <summary>Each part of a chain (a + b + c, a.b.c) is a level of the tree.</summary>
    public void CheckChain(int length)
    {
        if (length > LongestChain)
        {
            throw Fault();
        }
    }

    /// <summary>'...': only its own mark and the backslash are escaped.</summary>
    public static string Plain(string content)
    {
        StringBuilder plain = new();
        for (int at = 0; at < content.Length; at++)
        {
            at += content[at] == '\\' && at + 1 < content.Length && content[at + 1] is '\\' or '\'' ? 1 : 0;
            plain.Append(content[at]);
        }

        return plain.ToString();
    }
}
