using System.Collections.Frozen;
using System.Globalization;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Reads the parts that expressions are made of: variables, numbers, texts and calls.</summary>
internal sealed class ScriptPrimaries(ScriptSource source, Func<Block> readBlock, ScriptExpressions expressions)
{
    private static readonly FrozenSet<string> s_unary = FrozenSet.ToFrozenSet("defined ref scalar lc uc lcfirst ucfirst length chr ord int abs sqrt sin cos exp log hex oct rand srand sleep shift pop chomp chop exit keys values each delete exists quotemeta chdir rmdir readlink close caller umask fileno eof alarm localtime gmtime chroot lock require undef".Split(' '), StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_lists = FrozenSet.ToFrozenSet("print say printf die warn join push unshift splice reverse sort map grep system exec open sprintf split index rindex substr pack unpack kill unlink mkdir rename chmod chown symlink link utime opendir readdir closedir binmode select socket connect bind listen accept send recv wait waitpid fork time times getppid return sprintf bless eval do local my our wantarray syswrite sysread read seek tell getpwuid getpwnam getprotobyname gethostbyname inet_aton inet_ntoa sockaddr_in pack_sockaddr_in setsockopt getlogin setsid dup2 decode_base64 encode_base64 md5_hex sha1_hex sha256_hex usleep floor ceil hostname basename dirname cwd getcwd".Split(' '), StringComparer.Ordinal);


    private ScriptNode Sub(string code)
    {
        ScriptSource inner = new(code, source.IsPhp);
        return new ScriptExpressions(inner, () => throw inner.Fault()).Read();
    }

    private ScriptNode Interpolated(string content, bool isPattern = false) => ScriptParser.Interpolate(content, source.Line, source.IsPhp, Sub, isPattern);

    public ScriptNode Read()
    {
        source.Skip();
        int line = source.Line;
        switch (source.Now)
        {
            case '"':
                return Interpolated(source.Quoted());
            case '\'':
                return new Literal(ScriptSource.Plain(source.Quoted()), line);
            case '`':
                return new Calling("`", [Interpolated(source.Quoted())], line);
            case '(':
                source.At++;
                Items list = expressions.ReadList();
                if (source.IsPhp && list.Values is [Calling { Arguments.Count: 0, Name: "int" or "string" or "float" or "bool" or "array" } cast])
                {
                    source.Expect(")");
                    return new Calling("(" + cast.Name + ")", [expressions.Prefix()], line);
                }

                source.Expect(")");
                return list.Values.Count == 1 && source.IsPhp ? list.Values[0] : list;
            case '[':
                source.At++;
                Items items = ReadItems();
                source.Expect("]");
                return items with { IsReference = true };
            case '{' when !source.IsPhp:
                source.At++;
                Items pairs = expressions.ReadList();
                source.Expect("}");
                return pairs with { IsMap = true, IsReference = true };
            case '/' when !source.IsPhp:
                return new Matching(null, Interpolated(source.Quoted(), isPattern: true), null, Flags(), false, line);
            case '<' when !source.IsPhp:
                return new ReadingLine(source.Quoted(), line);
            case '$' or '@' or '%':
                return Variable();
        }

        return char.IsAsciiDigit(source.Now) ? Number() : Word();
    }

    // [1, 2] and ["k" => 1].
    private Items ReadItems()
    {
        int line = source.Line;
        List<ScriptNode> values = [];
        bool isMap = false;
        while (!source.Is("]") && !source.Is(")"))
        {
            values.Add(expressions.Assign());
            if (source.Take("=>"))
            {
                isMap = source.IsPhp;
                values.Add(expressions.Assign());
            }

            if (!source.Take(","))
            {
                break;
            }
        }

        return new Items(values, isMap, false, line);
    }

    private string Flags()
    {
        int start = source.At;
        while (char.IsAsciiLetter(source.Now))
        {
            source.At++;
        }

        return source.Text[start..source.At];
    }

    private Literal Number()
    {
        int line = source.Line, start = source.At;
        if (source.Now == '0' && source.After(1) is 'x' or 'X')
        {
            source.At += 2;
            string digits = Flags2(char.IsAsciiHexDigit);
            return new Literal((double)(long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex) ? hex : 0), line);
        }

        Flags2(c => char.IsAsciiDigit(c) || c == '_');
        if (source.Now == '.' && char.IsAsciiDigit(source.After(1)))
        {
            source.At++;
            Flags2(char.IsAsciiDigit);
        }

        if (source.Now is 'e' or 'E' && (char.IsAsciiDigit(source.After(1)) || (source.After(1) is '-' or '+' && char.IsAsciiDigit(source.After(2)))))
        {
            source.At += 2;
            Flags2(char.IsAsciiDigit);
        }

        string text = source.Text[start..source.At].Replace("_", "", StringComparison.Ordinal);
        return new Literal(text is ['0', _, ..] && text.All(c => c is >= '0' and <= '7') ? Convert.ToInt64(text[..Math.Min(20, text.Length)], 8) : double.Parse(text, CultureInfo.InvariantCulture), line);
    }

    private string Flags2(Func<char, bool> fits)
    {
        int start = source.At;
        while (source.At < source.Text.Length && fits(source.Now))
        {
            source.At++;
        }

        return source.Text[start..source.At];
    }

    private ScriptNode Variable()
    {
        int line = source.Line;
        char sign = source.Now;
        source.At++;
        if (sign == '$' && source.Now == '#')
        {
            source.At++;
            return new Calling("$#", [new VariableUse("@" + (source.Name() ?? (source.Take("{") ? source.Name() : null) ?? throw source.Fault()), line)], line);
        }

        if (source.Now == '{')
        {
            source.At++;
            ScriptNode inner = expressions.Read();
            source.Expect("}");
            return inner is Calling { Arguments.Count: 0 } word ? new VariableUse(sign + word.Name, line) : new Calling("deref" + sign, [inner], line);
        }

        if (source.Now == '$')
        {
            return new Calling("deref" + sign, [Variable()], line);
        }

        if (ScriptSource.IsLetter(source.Now))
        {
            return new VariableUse(sign + (char.IsAsciiDigit(source.Now) ? Flags2(char.IsAsciiDigit) : source.Name()!), line);
        }

        if (!source.IsPhp && source.Now is '!' or '@' or '&' or '0' or '_' or ',' or '/' or '\\' or ';' or '|' or '^' or '"' or '~')
        {
            string name = sign + source.Now.ToString();
            source.At++;
            return name is "$^" ? new VariableUse(name + Flags2(char.IsAsciiLetterUpper), line) : new VariableUse(name, line);
        }

        source.At--;
        throw source.Fault();
    }

    private ScriptNode Word()
    {
        int line = source.Line, start = source.At;
        string name = source.Name() ?? throw source.Fault();
        if (!source.IsPhp)
        {
            if (source.Is("=>"))
            {
                return new Literal(name, line);
            }

            if (name is "q" or "qq" or "qw" or "m" or "qr" or "s" or "tr" or "y" && !source.IsEnd && source.Now is not (',' or ';' or ')' or '=') && !ScriptSource.IsLetter(source.Now))
            {
                return QuoteLike(name, line);
            }

            switch (name)
            {
                case "my" or "our" or "local" or "state":
                    return expressions.Prefix();
                case "sub":
                    return new Calling("sub", [readBlock()], line);
                case "do" or "eval" when source.Is("{"):
                    return new Calling(name, [readBlock()], line);
                case "map" or "grep" or "sort":
                    return Mapped(name, line);
                case "print" or "say" or "printf" or "exec" or "system":
                    return Printed(name, line);
                case "__FILE__" or "__LINE__" or "__PACKAGE__":
                    return new Literal(name is "__LINE__" ? (double)line : name is "__FILE__" ? "-e" : "main", line);
            }
        }
        else if (name is "new")
        {
            string type = source.Name() ?? throw source.Fault();
            return new Calling("new " + type, source.Is("(") ? expressions.Arguments() : [], line);
        }
        else if (name is "array" && source.Is("("))
        {
            source.Expect("(");
            Items items = ReadItems();
            source.Expect(")");
            return items with { IsReference = true };
        }
        else if (name is "print" or "include" or "require" or "exit" or "die" && !source.Is("("))
        {
            return new Calling(name, expressions.IsOver() ? [] : [expressions.Assign()], line);
        }

        if (source.Is("("))
        {
            return new Calling(name, expressions.Arguments(), line);
        }

        if (!source.IsPhp && s_unary.Contains(name))
        {
            return new Calling(name, expressions.IsOver() || source.Now is ',' or '=' or '<' or '>' or '?' or '.' or '+' or '*' or '&' or '|' ? [] : [expressions.Prefix()], line);
        }

        if (!source.IsPhp && s_lists.Contains(name))
        {
            return new Calling(name, expressions.IsOver() || source.Now is ',' or '=' or '?' or '.' or '+' or '*' ? [] : [.. ReadItemsOfList()], line);
        }

        if (!source.IsPhp && name is "new" or "IO::Socket::INET" && source.Name() is { } other)
        {
            return new Calling("new " + other, source.Is("(") ? expressions.Arguments() : [], line);
        }

        if (!source.IsPhp && (source.Now is '$' or '"' or '\'' or '@' || (char.IsAsciiLetterLower(name[0]) && ScriptSource.IsLetter(source.Now) && !expressions.IsOver() && !IsWordOperator())))
        {
            if (ScriptSource.IsLetter(source.Now) && source.Name() is { } package)
            {
                // It is taken for a method of a class.
                return new MethodCalling(new Literal(package, line), name, [], line);
            }

            // A word before a value, which is no function.
            source.At = source.Now is '$' or '"' or '\'' or '@' ? source.At : start;
            throw source.Fault();
        }

        return new Calling(name, [], line);
    }

    private bool IsWordOperator() => ((string[])["eq", "ne", "lt", "gt", "le", "ge", "cmp", "x", "and", "or", "xor", "if", "unless", "for", "foreach", "while"]).Any(source.Is);

    private List<ScriptNode> ReadItemsOfList()
    {
        List<ScriptNode> items = [];
        do
        {
            if (expressions.IsOver())
            {
                break;
            }

            items.Add(expressions.Assign());
        }
        while (source.Take("=>") || source.Take(","));
        return items;
    }

    private Calling Mapped(string name, int line)
    {
        bool hasBracket = source.Take("(");
        List<ScriptNode> values = [];
        if (source.Is("{"))
        {
            values.Add(readBlock());
            source.Take(",");
        }
        else if (name is not "sort")
        {
            values.Add(expressions.Assign());
            source.Expect(",");
        }

        values.AddRange(ReadItemsOfList());
        if (hasBracket)
        {
            source.Expect(")");
        }

        return new Calling(name + (values.FirstOrDefault() is Block || name is not "sort" ? "{}" : ""), values, line);
    }

    // print STDERR "x", print $handle "x", print {$handle} "x".
    private Calling Printed(string name, int line)
    {
        bool hasBracket = source.Is("(") && source.Take("(");
        int start = source.At;
        string handle = "";
        if (source.Name() is { } word && word.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_') && !source.Is("(") && !source.Is(",") && !source.Is(".") && !source.Is(";"))
        {
            handle = word;
        }
        else
        {
            source.At = start;
            if (source.Is("{"))
            {
                handle = source.Quoted().Trim();
            }
            else if (source.Is("$") && name is not ("exec" or "system"))
            {
                source.At++;
                string? variable = source.Name();
                handle = variable is not null && source.Now is '"' or '\'' or '$' && source.Text[source.At - 1] == ' ' ? "$" + variable : "";
                source.At = handle.Length > 0 ? source.At : start;
            }
        }

        List<ScriptNode> values = ReadItemsOfList();
        if (hasBracket)
        {
            source.Expect(")");
        }

        return new Calling(handle.Length > 0 ? $"{name} {handle}" : name, values, line);
    }

    private ScriptNode QuoteLike(string name, int line)
    {
        char mark = source.Now;
        string first = source.Quoted();
        switch (name)
        {
            case "q":
                return new Literal(ScriptSource.Plain(first), line);
            case "qq":
                return Interpolated(first);
            case "qw":
                return new Items([.. first.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => new Literal(word, line))], false, false, line);
            case "m" or "qr":
                return name is "qr" ? Interpolated(first, isPattern: true) : new Matching(null, Interpolated(first, isPattern: true), null, Flags(), false, line);
        }

        if (mark is '(' or '[' or '{' or '<')
        {
            source.Skip();
        }
        else
        {
            source.At--;
        }

        string second = source.Quoted(), flags = Flags();
        return name is "s" ? new Matching(null, Interpolated(first, isPattern: true), flags.Contains('e', StringComparison.Ordinal) ? Sub(second) : Interpolated(second), flags, false, line) : new Transliterating(null, first, second, flags, line);
    }
}
