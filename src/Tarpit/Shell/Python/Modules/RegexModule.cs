using System.Numerics;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>re. Patterns of programs run with a limit of time.</summary>
internal static class RegexModule
{
    // What a part of a text takes as a value in a list.
    private const long BytesPerMatch = 48;
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(200);
    private static readonly PythonClass s_error = new("error", [PythonErrors.Get("Exception")], "re"), s_match = new("Match", [], "re");
    private static readonly string[] s_methods = ["search", "match", "fullmatch", "findall", "finditer", "split", "sub"];

    public static void Fill(PythonMachine machine, PythonModule re)
    {
        foreach ((string name, int flag) in new[] { ("I", 2), ("IGNORECASE", 2), ("M", 8), ("MULTILINE", 8), ("S", 16), ("DOTALL", 16), ("X", 64), ("VERBOSE", 64), ("A", 256), ("U", 32) })
        {
            re.Members[name] = (BigInteger)flag;
        }

        re.Members["error"] = s_error;
        re.Add("compile", (m, a) => Compiled(m, a));
        re.Add("escape", (m, a) => Regex.Escape(a.Text(0)));
        foreach (string name in s_methods)
        {
            re.AddAsync(name, (m, a) => UseAsync(m, name, Pattern(a.Need(0), a.Whole(name is "sub" ? 4 : name is "split" ? 3 : 2, "flags", 0)), a.Values[0] is byte[], new CallArguments(name, [.. a.Values.Skip(1)], a.Named)));
        }
    }

    private static PythonObject Compiled(PythonMachine machine, CallArguments a)
    {
        Regex pattern = Pattern(a.Need(0), a.Whole(1, "flags", 0));
        PythonObject made = new(new PythonClass("Pattern", [], "re"));
        made.Members["pattern"] = a.Need(0);
        made.Members["__repr_text__"] = $"re.compile({PythonText.Represent(a.Need(0))})";
        foreach (string name in s_methods)
        {
            made.Members[name] = new NativeFunction(name, (m, b) => UseAsync(m, name, pattern, a.Values[0] is byte[], b));
        }

        machine.Reserve(8192);
        return made;
    }

    private static Regex Pattern(object? pattern, long flags)
    {
        string text = pattern switch { string plain => plain, byte[] bytes => System.Text.Encoding.Latin1.GetString(bytes), _ => throw PythonErrors.Type("first argument must be string or compiled pattern") };
        text = text.Replace("(?P<", "(?<", StringComparison.Ordinal).Replace("\\Z", "\\z", StringComparison.Ordinal);
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant | ((flags & 2) != 0 ? RegexOptions.IgnoreCase : RegexOptions.None) | ((flags & 8) != 0 ? RegexOptions.Multiline : RegexOptions.None) | ((flags & 16) != 0 ? RegexOptions.Singleline : RegexOptions.None) | ((flags & 64) != 0 ? RegexOptions.IgnorePatternWhitespace : RegexOptions.None), s_limit);
        }
        catch (RegexParseException e)
        {
            throw PythonErrors.New(s_error, FormattableString.Invariant($"{e.Error switch { RegexParseError.InsufficientClosingParentheses => "missing ), unterminated subpattern", RegexParseError.InsufficientOpeningParentheses => "unbalanced parenthesis", RegexParseError.UnterminatedBracket => "unterminated character set", RegexParseError.QuantifierAfterNothing => "nothing to repeat", RegexParseError.NestedQuantifiersNotParenthesized => "multiple repeat", _ => "bad escape" }} at position {Math.Max(0, e.Offset - 1)}"));
        }
    }

    private static async ValueTask<object?> UseAsync(PythonMachine machine, string name, Regex pattern, bool isBytes, CallArguments a)
    {
        object? subject = a.Need(name is "sub" ? 1 : 0, "string");
        string text = subject switch { string plain when !isBytes => plain, byte[] bytes when isBytes => System.Text.Encoding.Latin1.GetString(bytes), string => throw PythonErrors.Type("cannot use a bytes pattern on a string-like object"), byte[] => throw PythonErrors.Type("cannot use a string pattern on a bytes-like object"), _ => throw PythonErrors.Type($"expected string or bytes-like object, got '{PythonText.TypeName(subject)}'") };
        object? Out(string part) => isBytes ? System.Text.Encoding.Latin1.GetBytes(part) : part;
        machine.State.Budget.Charge(1 + (text.Length / 2000));
        switch (name)
        {
            case "search":
                return Shown(pattern, pattern.Match(text), Out);
            case "match" or "fullmatch":
                Match found = pattern.Match(text);
                return found.Success && found.Index == 0 && (name is "match" || found.Length == text.Length) ? Shown(pattern, found, Out) : null;
            case "findall":
                machine.Reserve(pattern.Count(text) * BytesPerMatch);
                return new PythonList(pattern.Matches(text).Select(match => match.Groups.Count switch { 1 => Out(match.Value), 2 => Out(match.Groups[1].Value), _ => new PythonTuple(match.Groups.Values.Skip(1).Select(group => Out(group.Value))) }));
            case "finditer":
                machine.Reserve(pattern.Count(text) * BytesPerMatch);
                return PythonIterator.Of("callable_iterator", pattern.Matches(text).Select(match => (object?)Shown(pattern, match, Out)));
            case "split":
                machine.Reserve(pattern.Count(text) * BytesPerMatch);
                return new PythonList(pattern.Split(text, a.Whole(1, "maxsplit", 0) is > 0 and var most ? (int)Math.Min(most, 100_000) + 1 : int.MaxValue).Select(Out));
            default:
                return Out(await ReplaceAsync(machine, pattern, text, a.Need(0, "repl"), (int)Math.Min(a.Whole(2, "count", 0), int.MaxValue), Out));
        }
    }

    private static async ValueTask<string> ReplaceAsync(PythonMachine machine, Regex pattern, string text, object? by, int count, Func<string, object?> shape)
    {
        System.Text.StringBuilder result = new();
        int at = 0, done = 0;
        foreach (Match match in pattern.Matches(text))
        {
            if (count > 0 && done++ >= count)
            {
                break;
            }

            string next = by switch
            {
                string or byte[] => Regex.Replace(by as string ?? System.Text.Encoding.Latin1.GetString((byte[])by), @"\\(?:g<(?<name>\w+)>|(?<digit>\d)|(?<other>.))", part => part.Groups["other"].Success ? part.Groups["other"].Value switch { "n" => "\n", "t" => "\t", var c => c } : match.Groups[part.Groups["name"].Success ? part.Groups["name"].Value : part.Groups["digit"].Value].Value, RegexOptions.ExplicitCapture, s_limit),
                _ => await machine.Calls.CallAsync(by, Shown(pattern, match, shape)) switch { string made => made, byte[] bytes => System.Text.Encoding.Latin1.GetString(bytes), var other => PythonText.Plain(other) },
            };
            result.Append(text, at, match.Index - at).Append(next);
            machine.Reserve(next.Length * 2L);
            at = match.Index + match.Length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static PythonObject? Shown(Regex pattern, Match match, Func<string, object?> shape)
    {
        if (!match.Success)
        {
            return null;
        }

        PythonObject made = new(s_match);
        object? Value(object? key)
        {
            Group group = key is BigInteger number ? number >= 0 && number < match.Groups.Count ? match.Groups[(int)number] : throw PythonErrors.New("IndexError", "no such group") : match.Groups.TryGetValue(PythonText.Plain(key), out Group? named) ? named : throw PythonErrors.New("IndexError", "no such group");
            return group.Success ? shape(group.Value) : null;
        }

        void Add(string name, Func<CallArguments, object?> body) => made.Members[name] = new NativeFunction(name, (m, a) => new(body(a)));
        Add("group", a => a.Count < 2 ? Value(a.Get(0, null, BigInteger.Zero)) : new PythonTuple(a.Values.Select(Value)));
        Add("groups", a => new PythonTuple(match.Groups.Values.Skip(1).Select(group => group.Success ? shape(group.Value) : null)));
        Add("groupdict", a => PythonReflection.Map(pattern.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0])).ToDictionary(name => name, name => match.Groups[name].Success ? shape(match.Groups[name].Value) : null, StringComparer.Ordinal)));
        Add("start", a => (BigInteger)match.Groups[(int)a.Whole(0, null, 0)].Index);
        Add("end", a => (BigInteger)(match.Groups[(int)a.Whole(0, null, 0)].Index + match.Groups[(int)a.Whole(0, null, 0)].Length));
        Add("span", a => new PythonTuple([(BigInteger)match.Index, (BigInteger)(match.Index + match.Length)]));
        made.Members["__repr_text__"] = $"<re.Match object; span=({match.Index}, {match.Index + match.Length}), match={PythonText.Represent(shape(match.Value))}>";
        return made;
    }
}
