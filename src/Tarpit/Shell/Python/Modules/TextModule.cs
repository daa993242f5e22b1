using System.Text;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>string, io, shlex, textwrap and traceback.</summary>
internal static class TextModule
{
    private static readonly PythonClass s_buffer = MakeBuffer();

    public static void FillString(PythonMachine machine, PythonModule module)
    {
        const string lower = "abcdefghijklmnopqrstuvwxyz", digits = "0123456789", marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
        string upper = lower.ToUpperInvariant();
        foreach ((string name, string text) in new[] { ("ascii_lowercase", lower), ("ascii_uppercase", upper), ("ascii_letters", lower + upper), ("digits", digits), ("hexdigits", digits + "abcdefABCDEF"), ("octdigits", "01234567"), ("punctuation", marks), ("whitespace", " \t\n\r\v\f"), ("printable", digits + lower + upper + marks + " \t\n\r\v\f") })
        {
            module.Members[name] = text;
        }
    }

    public static void FillIo(PythonMachine machine, PythonModule io)
    {
        foreach (string name in new[] { "StringIO", "BytesIO" })
        {
            io.Add(name, (m, a) => new PythonObject(s_buffer) { Native = new Buffer(name[0] == 'B', a.Get(0) switch { byte[] bytes => Encoding.Latin1.GetString(bytes), string text => text, _ => "" }) });
        }

        io.Add("open", (m, a) => PythonFile.Open(m, a));
    }

    // A file in memory.
    private sealed class Buffer(bool isBinary, string first)
    {
        public StringBuilder Text { get; } = new(first);

        public int At { get; set; }

        public object Out(string text) => isBinary ? Encoding.Latin1.GetBytes(text) : text;
    }

    private static PythonClass MakeBuffer()
    {
        PythonClass type = new("StringIO", [], "_io");
        void Add(string name, Func<PythonMachine, Buffer, CallArguments, object?> body) => type.Members[name] = new NativeFunction(name, (m, a) => new(body(m, (Buffer)((PythonObject)a.Values[0]!).Native!, a)));
        Add("write", (m, buffer, a) =>
        {
            string text = a.Text(1);
            m.Reserve(buffer.Text.Length + text.Length > 2 << 20 ? long.MaxValue : text.Length * 2L);
            buffer.Text.Append(text);
            return (System.Numerics.BigInteger)text.Length;
        });
        Add("getvalue", (m, buffer, a) => buffer.Out(buffer.Text.ToString()));
        Add("read", (m, buffer, a) =>
        {
            string text = buffer.Text.ToString(Math.Min(buffer.At, buffer.Text.Length), Math.Max(0, buffer.Text.Length - buffer.At));
            buffer.At = buffer.Text.Length;
            return buffer.Out(text);
        });
        Add("readline", (m, buffer, a) => buffer.Out(Line(buffer)));
        Add("readlines", (m, buffer, a) => new PythonList(Lines(buffer)));
        Add("seek", (m, buffer, a) => (System.Numerics.BigInteger)(buffer.At = (int)Math.Clamp(a.Whole(1), 0, buffer.Text.Length)));
        Add("flush", (m, buffer, a) => null);
        Add("close", (m, buffer, a) => null);
        Add("__iter__", (m, buffer, a) => PythonIterator.Of("StringIO", Lines(buffer)));
        return type;
    }

    private static string Line(Buffer buffer)
    {
        int from = buffer.At, end = from;
        while (end < buffer.Text.Length && buffer.Text[end++] != '\n')
        {
            // To the end of the line.
        }

        buffer.At = end;
        return buffer.Text.ToString(from, end - from);
    }

    private static IEnumerable<object?> Lines(Buffer buffer)
    {
        while (Line(buffer) is { Length: > 0 } line)
        {
            yield return buffer.Out(line);
        }
    }

    public static void FillShlex(PythonMachine machine, PythonModule shlex)
    {
        string Quoted(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "@%+=:,./-_".Contains(c, StringComparison.Ordinal)) ? text : "'" + text.Replace("'", "'\"'\"'", StringComparison.Ordinal) + "'";
        shlex.Add("quote", (m, a) => Quoted(a.Text(0)));
        shlex.AddAsync("join", async (m, a) => string.Join(' ', (await m.Calls.CollectAsync(a.Need(0))).Select(word => Quoted(PythonText.Plain(word)))));
        shlex.Add("split", (m, a) => new PythonList(Words(a.Text(0))));
    }

    private static IEnumerable<object?> Words(string text)
    {
        StringBuilder word = new();
        char quote = '\0';
        bool isWord = false;
        foreach (char c in text)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                isWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isWord)
                {
                    yield return word.ToString();
                }

                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (quote != '\0')
        {
            throw PythonErrors.Value("No closing quotation");
        }

        if (isWord)
        {
            yield return word.ToString();
        }
    }

    public static void FillTextwrap(PythonMachine machine, PythonModule textwrap)
    {
        textwrap.Add("dedent", (m, a) =>
        {
            string[] lines = a.Text(0).Split('\n');
            int cut = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
            return string.Join('\n', lines.Select(line => line.Trim().Length == 0 ? "" : line[cut..]));
        });
        textwrap.Add("indent", (m, a) => string.Join('\n', a.Text(0).Split('\n').Select(line => line.Trim().Length == 0 ? line : a.Text(1) + line)));
    }

    public static void FillTraceback(PythonMachine machine, PythonModule traceback)
    {
        PythonException? Now(PythonMachine m) => m.Calls.Frames.Select(frame => frame.Handled).LastOrDefault(e => e is not null) ?? m.Handled;
        traceback.AddAsync("print_exc", async (m, a) =>
        {
            await m.WriteErrorAsync(Now(m) is { } e ? PythonErrors.Describe(e) : "NoneType: None\n");
            return null;
        });
        traceback.Add("format_exc", (m, a) => Now(m) is { } e ? PythonErrors.Describe(e) : "NoneType: None\n");
    }
}
