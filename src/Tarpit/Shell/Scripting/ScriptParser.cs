using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Reads statements of Perl and PHP, as far as people write them on command lines.</summary>
internal sealed class ScriptParser
{
    private readonly ScriptSource _source;
    private readonly ScriptExpressions _expressions;

    private ScriptParser(string text, bool isPhp)
    {
        _source = new ScriptSource(text, isPhp);
        _expressions = new ScriptExpressions(_source, ReadBlock);
    }

    /// <summary>Modules that the program asks for.</summary>
    public List<string> Modules { get; } = [];

    /// <exception cref="ScriptSyntaxException">It is not understood.</exception>
    public static (IReadOnlyList<ScriptNode> Program, IReadOnlyList<string> Modules) Read(string text, bool isPhp)
    {
        ScriptParser parser = new(text, isPhp);
        List<ScriptNode> program = [];
        while (!parser._source.IsEnd && !parser._source.Is("__END__"))
        {
            parser.ReadStatement(program);
        }

        return (program, parser.Modules);
    }

    private Block ReadBlock()
    {
        int line = _source.Line;
        _source.Expect("{");
        _source.Enter();
        List<ScriptNode> body = [];
        while (!_source.Take("}"))
        {
            if (_source.IsEnd)
            {
                throw _source.Fault();
            }

            ReadStatement(body);
        }

        _source.Leave();
        return new Block(body, line);
    }

    private Block ReadBody()
    {
        if (_source.Is("{"))
        {
            return ReadBlock();
        }

        List<ScriptNode> one = [];
        ReadStatement(one);
        return new Block(one, _source.Line);
    }

    private void ReadStatement(List<ScriptNode> into)
    {
        int line = _source.Line;
        if (_source.Take(";"))
        {
            return;
        }

        if (_source.Is("{") && !_source.IsPhp)
        {
            into.Add(ReadBlock());
            return;
        }

        int start = _source.At;
        string? word = _source.Name();
        if (_source.IsPhp && _source.Is("?>"))
        {
            word = null;
        }

        switch (word)
        {
            case "if" or "unless":
                into.Add(ReadIf(word is "unless", line));
                return;
            case "while" or "until":
                _source.Expect("(");
                ScriptNode test = _source.Is(")") ? new Literal(1.0, line) : _expressions.Read();
                _source.Expect(")");
                into.Add(new Looping(null, word is "until" ? new Operation("!", test, null, line) : test, null, ReadBody(), line));
                return;
            case "for" or "foreach":
                into.Add(ReadFor(line));
                return;
            case "sub" or "function" when _source.Name() is { } name:
                into.Add(ReadRoutine(name, line));
                return;
            case "use" or "no" or "require" or "package" or "namespace":
                ReadUse(word);
                return;
            case "return" or "last" or "next" or "break" or "continue":
                ScriptNode? value = word is "return" && !IsOver() ? _expressions.ReadList() : null;
                into.Add(Modified(new Jump(word switch { "break" => "last", "continue" => "next", _ => word }, value, line), line));
                Finish();
                return;
            case "echo" when _source.IsPhp:
                into.Add(new Calling("echo", ((Items)_expressions.ReadList()).Values, line));
                Finish();
                return;
        }

        _source.At = start;
        if (_source.IsPhp && _source.Is("?>"))
        {
            _source.At += 2;
            int next = _source.Text.IndexOf("<?php", _source.At, StringComparison.Ordinal) is >= 0 and var found ? found : _source.Text.Length;
            into.Add(new PlainText(_source.Text[_source.At..next].TrimStart('\n'), line));
            _source.At = Math.Min(_source.Text.Length, next + 5);
            return;
        }

        into.Add(Modified(_expressions.ReadList() is Items { Values: [var only], IsReference: false } ? only : throw _source.Fault(), line));
        Finish();
    }

    private bool IsOver() => _source.IsEnd || _source.Is(";") || _source.Is("}") || _source.Is("if") || _source.Is("unless");

    private void Finish()
    {
        if (_source.IsPhp ? !_source.Is("?>") : !_source.IsEnd && !_source.Is("}"))
        {
            _source.Expect(";");
        }
    }

    // "... if $x", "... for 1..3".
    private ScriptNode Modified(ScriptNode statement, int line)
    {
        while (!_source.IsPhp)
        {
            if (_source.Take("if"))
            {
                statement = new Branch(_expressions.Read(), statement, null, line);
            }
            else if (_source.Take("unless"))
            {
                statement = new Branch(new Operation("!", _expressions.Read(), null, line), statement, null, line);
            }
            else if (_source.Take("foreach") || _source.Take("for"))
            {
                statement = new GoingThrough(null, "$_", _expressions.ReadList(), statement, line);
            }
            else if (_source.Take("while"))
            {
                statement = new Looping(null, _expressions.Read(), null, statement, line);
            }
            else
            {
                break;
            }
        }

        return statement;
    }

    private Branch ReadIf(bool isNegated, int line)
    {
        _source.Expect("(");
        ScriptNode test = _expressions.Read();
        _source.Expect(")");
        ScriptNode then = ReadBody();
        ScriptNode? other = _source.Take("elsif") || _source.Take("elseif") ? ReadIf(false, _source.Line) : !_source.Take("else") ? null : _source.Take("if") ? ReadIf(false, _source.Line) : ReadBody();
        return new Branch(isNegated ? new Operation("!", test, null, line) : test, then, other, line);
    }

    private ScriptNode ReadFor(int line)
    {
        if (_source.IsPhp)
        {
            _source.Expect("(");
            int start = _source.At;
            ScriptNode source = _expressions.ReadList();
            if (_source.Take("as"))
            {
                string first = Variable();
                string? key = _source.Take("=>") ? first : null;
                string name = key is null ? first : Variable();
                _source.Expect(")");
                return new GoingThrough(key, name, source, ReadBody(), line);
            }

            _source.At = start;
            return ReadThree(line);
        }

        string variable = "$_";
        bool isOwn = _source.Take("my") || _source.Is("$");
        if (isOwn)
        {
            variable = Variable();
        }

        _source.Expect("(");
        if (!isOwn)
        {
            int start = _source.At;
            ScriptNode? first = _source.Is(";") ? null : _expressions.ReadList();
            if (first is null || _source.Is(";"))
            {
                _source.At = start;
                return ReadThree(line);
            }

            _source.At = start;
        }

        ScriptNode list = _source.Is(")") ? new Items([], false, false, line) : _expressions.ReadList();
        _source.Expect(")");
        return new GoingThrough(null, variable, list, ReadBody(), line);
    }

    private Looping ReadThree(int line)
    {
        ScriptNode? first = _source.Is(";") ? null : _expressions.ReadList();
        _source.Expect(";");
        ScriptNode test = _source.Is(";") ? new Literal(1.0, line) : _expressions.Read();
        _source.Expect(";");
        ScriptNode? each = _source.Is(")") ? null : _expressions.ReadList();
        _source.Expect(")");
        return new Looping(first, test, each, ReadBody(), line);
    }

    private string Variable()
    {
        _source.Expect("$");
        return "$" + (_source.Name() ?? throw _source.Fault());
    }

    private Routine ReadRoutine(string name, int line)
    {
        List<string> parameters = [];
        if (_source.Take("("))
        {
            while (!_source.Take(")"))
            {
                if (_source.IsEnd)
                {
                    throw _source.Fault();
                }

                if (_source.Is("$") && _source.After(1) is not (')' or ';' or '$' or '@'))
                {
                    parameters.Add(Variable());
                }
                else
                {
                    _source.At++;
                }
            }
        }

        return new Routine(name, parameters, ReadBlock(), line);
    }

    private void ReadUse(string word)
    {
        int end = _source.Text.IndexOf(';', _source.At) is >= 0 and var found ? found : _source.Text.Length;
        string rest = _source.Text[_source.At..end].Trim();
        string module = rest.Split([' ', '(', '\t', '\n'], 2)[0].Trim('"', '\'');
        if (word is "use" or "require" && module.Length > 0 && char.IsAsciiLetter(module[0]) && !_source.IsPhp)
        {
            Modules.Add(module);
        }

        _source.At = Math.Min(_source.Text.Length, end + 1);
    }

    /// <summary>The parts of "..." : texts, variables and expressions in braces.</summary>
    public static ScriptNode Interpolate(string content, int line, bool isPhp, Func<string, ScriptNode> read, bool keepsEscapes = false)
    {
        List<ScriptNode> parts = [];
        StringBuilder plain = new();
        for (int at = 0; at < content.Length; at++)
        {
            char c = content[at];
            if (c == '\\' && at + 1 < content.Length)
            {
                if (keepsEscapes)
                {
                    plain.Append(c).Append(content[++at]);
                    continue;
                }

                plain.Append(Escape(content, ref at));
                continue;
            }

            int end = c == '$' || (c == '@' && !isPhp) || (c == '{' && isPhp && at + 1 < content.Length && content[at + 1] == '$') ? End(content, at, keepsEscapes) : at;
            if (end > at + 1)
            {
                parts.Add(new Literal(plain.ToString(), line));
                plain.Clear();
                string code = content[at..end];
                code = code.StartsWith('{') ? code[1..^1] : code;
                code = code is ['$' or '@', '{', .. var inner, '}'] && inner.All(ScriptSource.IsLetter) ? code[0] + inner : code;
                parts.Add(c == '@' ? new Calling("join", [new Literal(" ", line), read(code)], line) : read(code));
                at = end - 1;
            }
            else
            {
                plain.Append(c);
            }
        }

        parts.Add(new Literal(plain.ToString(), line));
        return parts.Count == 1 ? parts[0] : new Joined(parts, line);
    }

    private static string Escape(string content, ref int at)
    {
        char c = content[++at];
        if (c == 'x')
        {
            int brace = at + 1 < content.Length && content[at + 1] == '{' ? content.IndexOf('}', at) : -1, first = brace > 0 ? at + 2 : at + 1, last = brace > 0 ? brace : first;
            while (brace < 0 && last < Math.Min(content.Length, first + 2) && char.IsAsciiHexDigit(content[last]))
            {
                last++;
            }

            at = brace > 0 ? brace : last - 1;
            return int.TryParse(content.AsSpan(first, last - first), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) && code < 0xFFFF ? code < 256 ? ((char)code).ToString() : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(((char)code).ToString())) : "\0";
        }

        if (c is >= '0' and <= '7')
        {
            int last = at;
            while (last < Math.Min(content.Length, at + 3) && content[last] is >= '0' and <= '7')
            {
                last++;
            }

            string octal = content[at..last];
            at = last - 1;
            return ((char)(Convert.ToInt32(octal, 8) & 0xFF)).ToString();
        }

        return c switch { 'n' => "\n", 't' => "\t", 'r' => "\r", 'a' => "\a", 'e' => "\x1b", 'f' => "\f", _ => c.ToString() };
    }

    // Where a variable in a text ends: its name, and subscripts.
    private static int End(string content, int at, bool isPattern)
    {
        int end = at + 1;
        if (content[at] == '{' || (end < content.Length && content[end] == '{'))
        {
            int close = content.IndexOf('}', end);
            return close > 0 ? close + 1 : at;
        }

        if (content[at] == '$' && at + 2 < content.Length && content[end] == '#' && ScriptSource.IsLetter(content[at + 2]) && !isPattern)
        {
            end++;
        }

        while (end < content.Length && ScriptSource.IsLetter(content[end]))
        {
            end++;
        }

        if (end == at + 1)
        {
            return content[at] == '$' && end < content.Length && content[end] is '!' or '@' or '&' or '0' or ',' or ';' && !isPattern ? end + 1 : at;
        }

        while (end < content.Length && (content[end] == '[' || (content[end] == '{' && !isPattern) || (content[end] == '-' && end + 2 < content.Length && content[end + 1] == '>' && content[end + 2] is '[' or '{')) && content[at] != '@')
        {
            int open = content[end] == '-' ? end + 2 : end, close = content.IndexOf(content[open] == '[' ? ']' : '}', open);
            if (close < 0 || (isPattern && !content[(open + 1)..close].All(char.IsAsciiDigit)))
            {
                break;
            }

            end = close + 1;
        }

        return end;
    }
}
