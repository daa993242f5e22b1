using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>declare, typeset, local, export and readonly: attributes, with or without values (bash(1), SHELL BUILTIN COMMANDS).</summary>
internal sealed class DeclareBuiltin(ShellState state, Expander expander, Assignments assignments)
{
    private const string Letters = "aAcfFgiIlnprtux";

    public static bool IsName(string word) => word is "declare" or "typeset" or "local" or "export" or "readonly";

    /// <summary>With words that are expanded: "name=value" among them is an assignment of that text.</summary>
    public ValueTask<int> RunAsync(Invocation invocation) => RunAsync(invocation, [.. invocation.Arguments.Select(Item)]);

    /// <summary>With words as they were written.</summary>
    public async ValueTask<int> RunAsync(Invocation invocation, IReadOnlyList<Word> words)
    {
        List<(string Text, Assignment? Assignment)> items = [];
        foreach (Word word in words)
        {
            if (word.Parts is [AssignmentPart part])
            {
                items.Add(("", part.Assignment));
            }
            else
            {
                items.AddRange((await expander.WordsAsync([word], invocation.Cancellation)).Select(Item));
            }
        }

        return await RunAsync(invocation, items);
    }

    /// <summary>The words with all in them expanded, assignments still as such.</summary>
    public async ValueTask<IReadOnlyList<Word>> ExpandAsync(IReadOnlyList<Word> words, CancellationToken cancellation)
    {
        bool isAssociative = words.Any(word => word.Text.StartsWith('-') && word.Text.Contains('A', StringComparison.Ordinal));
        List<Word> expanded = [];
        foreach (Word word in words)
        {
            if (word.Parts is [AssignmentPart part])
            {
                expanded.Add(word with { Parts = [new AssignmentPart(await assignments.ResolveAsync(part.Assignment, isAssociative, cancellation))] });
            }
            else
            {
                expanded.AddRange((await expander.WordsAsync([word], cancellation)).Select(text => new Word(text, [new LiteralPart(text, IsQuoted: true)])));
            }
        }

        return expanded;
    }

    private static (string Text, Assignment? Assignment) Item(string text)
    {
        int name = ParameterReader.NameEnd(text, 0), end = name;
        if (name > 0 && name < text.Length && text[name] == '[' && Builtin.SubscriptEnd(text, name) is > 0 and var close)
        {
            end = close + 1;
        }

        bool appends = end > 0 && end + 1 < text.Length && text[end] == '+' && text[end + 1] == '=';
        if (end == 0 || end >= text.Length || (text[end] != '=' && !appends))
        {
            return (text, null);
        }

        string value = text[(end + (appends ? 2 : 1))..];
        Word word = new(value, [new LiteralPart(value, IsQuoted: true)]);
        Word? subscript = end > name ? WordReader.ReadWhole(text[(name + 1)..(end - 1)], WordReader.Place.Subscript) : null;
        return ("", new Assignment(text[..name], subscript, appends, word, null, new Word(text, [new LiteralPart(text, IsQuoted: true)])));
    }

    private async ValueTask<int> RunAsync(Invocation invocation, List<(string Text, Assignment? Assignment)> items)
    {
        string name = invocation.Name, on = "", off = "";
        if (name is "local" && !state.Calls.Exists(call => !call.IsFile))
        {
            return await Builtin.ShellErrorAsync(invocation, "can only be used in a function");
        }

        int at = 0;
        for (; at < items.Count && items[at] is { Assignment: null, Text: ['-' or '+', _, ..] } option; at++)
        {
            if (option.Text is "--")
            {
                at++;
                break;
            }

            string known = name switch { "export" => "fnpaA", "readonly" => "aAfnp", _ => Letters };
            if (option.Text[1..].FirstOrDefault(c => !known.Contains(c, StringComparison.Ordinal)) is not '\0' and var wrong)
            {
                await Builtin.ShellErrorAsync(invocation, $"{option.Text[0]}{wrong}: invalid option");
                await invocation.Streams.Error.WriteAsync(Usage(name), invocation.Cancellation);
                return 2;
            }

            on += option.Text[0] == '-' ? option.Text[1..] : "";
            off += option.Text[0] == '+' ? option.Text[1..] : "";
        }

        on += name is "export" && !on.Contains('n', StringComparison.Ordinal) ? "x" : name is "readonly" ? "r" : "";
        if (name is "export" && on.Contains('n', StringComparison.Ordinal))
        {
            (on, off) = (on.Replace("n", "", StringComparison.Ordinal), off + "x");
        }

        if (on.Contains('f', StringComparison.Ordinal) || on.Contains('F', StringComparison.Ordinal))
        {
            if (name is not ("export" or "readonly") && items.Skip(at).FirstOrDefault(item => item.Assignment is not null).Assignment is not null)
            {
                return await Builtin.ShellErrorAsync(invocation, "cannot use `-f' to make functions");
            }

            return await FunctionsAsync(invocation, [.. items.Skip(at).Select(item => item.Text)], onlyNames: on.Contains('F', StringComparison.Ordinal), isNamed: on.Contains('p', StringComparison.Ordinal));
        }

        if (at == items.Count || (on.Contains('p', StringComparison.Ordinal) && name is not ("export" or "readonly")))
        {
            return await PrintAsync(invocation, await NamesAsync(items.Skip(at), invocation.Cancellation), on);
        }

        int status = 0;
        foreach ((string text, Assignment? assignment) in items.Skip(at))
        {
            status = Math.Max(status, await DeclareAsync(invocation, text, assignment, on, off));
        }

        return status;
    }

    private async ValueTask<List<string>> NamesAsync(IEnumerable<(string Text, Assignment? Assignment)> items, CancellationToken cancellation)
    {
        List<string> names = [];
        foreach ((string text, Assignment? assignment) in items)
        {
            names.Add(assignment is null ? text : $"{assignment.Name}={await expander.AssignedAsync(assignment.Value, cancellation)}");
        }

        return names;
    }

    private async ValueTask<int> DeclareAsync(Invocation invocation, string text, Assignment? assignment, string on, string off)
    {
        string name = assignment?.Name ?? text;
        int bracket = name.IndexOf('[', StringComparison.Ordinal);
        bool isElement = bracket > 0 && bracket < name.Length - 2 && name.EndsWith(']');
        if (invocation.Name is "export" or "readonly" && (isElement || assignment?.Subscript is not null))
        {
            return await Builtin.ShellErrorAsync(invocation, $"`{(isElement ? text : $"{name}[{assignment!.Subscript!.Text}]")}': not a valid identifier");
        }

        name = isElement ? name[..bracket] : name;
        if (ParameterReader.NameEnd(name, 0) != name.Length || name.Length == 0)
        {
            return await Builtin.ShellErrorAsync(invocation, $"`{text}': not a valid identifier");
        }

        bool isReference = on.Contains('n', StringComparison.Ordinal), isGlobal = on.Contains('g', StringComparison.Ordinal);
        bool isLocal = invocation.Name is "local" || (invocation.Name is "declare" or "typeset" && !isGlobal && state.Calls.Exists(call => !call.IsFile));
        string own = isReference || off.Contains('n', StringComparison.Ordinal) || (isLocal && !state.Variables.IsLocal(name)) ? name : state.Variables.Resolve(name);
        if (own.EndsWith(']'))
        {
            own = name;
        }

        Variable? before = state.Variables.FindItself(own);
        if (isLocal && before is { IsReadOnly: true } && !state.Variables.IsLocal(own))
        {
            return await Builtin.ShellErrorAsync(invocation, $"{name}: readonly variable");
        }

        // The value may name the variable that is hidden now.
        assignment = assignment is null ? null : await assignments.ResolveAsync(assignment, on.Contains('A', StringComparison.Ordinal), invocation.Cancellation);
        string? inherited = on.Contains('I', StringComparison.Ordinal) ? before?.Value : null;
        Variable variable = isLocal ? state.Variables.MakeLocal(own) : isGlobal ? state.Variables.MakeGlobal(own) : state.Variables.MakeItself(own);
        variable.Value ??= inherited;
        if (variable.IsReadOnly && (assignment is not null || off.Contains('r', StringComparison.Ordinal) || (variable is { IsReference: true, Value: not null } && off.Contains('n', StringComparison.Ordinal))))
        {
            return await Builtin.ShellErrorAsync(invocation, $"{name}: readonly variable", isPlain: invocation.Name is "readonly" or "export" || assignment?.Elements is not null);
        }

        if (isReference)
        {
            return await ReferAsync(invocation, variable, name, assignment, on, off);
        }

        if (variable.Array is { } kept && off.Contains(kept.IsAssociative ? 'A' : 'a', StringComparison.Ordinal))
        {
            return await Builtin.ShellErrorAsync(invocation, $"{name}: cannot destroy array variables in this way");
        }

        if (variable.Array is { } array && (on.Contains('A', StringComparison.Ordinal) && !array.IsAssociative || (on.Contains('a', StringComparison.Ordinal) && array.IsAssociative)))
        {
            if (assignment?.Elements is not null)
            {
                throw new ShellErrorException($"{name}: cannot convert {(array.IsAssociative ? "associative to indexed" : "indexed to associative")} array");
            }

            return await Builtin.ShellErrorAsync(invocation, $"{name}: cannot convert {(array.IsAssociative ? "associative to indexed" : "indexed to associative")} array");
        }

        bool isArray = invocation.Name is not "readonly" || assignment is not null;
        Apply(variable, isArray ? on : on.Replace("a", "", StringComparison.Ordinal).Replace("A", "", StringComparison.Ordinal), off, isElement || assignment?.Elements is not null || assignment?.Subscript is not null);
        if (assignment is { Elements: null, Value.Text: ['(', .., ')'] list } && invocation.Name is not ("export" or "readonly") && variable.Array is not null && ParseList(assignment.Name, list) is { } parsed)
        {
            // The text of a list.
            assignment = await assignments.ResolveAsync(parsed, variable.Array is { IsAssociative: true }, invocation.Cancellation);
        }

        if (assignment is not null)
        {
            variable.IsReadOnly = false;
            if (isGlobal && !ReferenceEquals(state.Variables.FindItself(own), variable))
            {
                variable.Value = await expander.AssignedAsync(assignment.Value, invocation.Cancellation);
            }
            else if (variable is { IsReference: true, Value: null } && assignment.Elements is null && await expander.AssignedAsync(assignment.Value, invocation.Cancellation) is var target && !Builtin.IsReference(target))
            {
                return await Builtin.ShellErrorAsync(invocation, $"`{target}': not a valid identifier");
            }
            else
            {
                await assignments.MakeAsync(string.Equals(own, name, StringComparison.Ordinal) ? assignment : assignment with { Name = own }, invocation.Cancellation);
            }

            variable.IsReadOnly = on.Contains('r', StringComparison.Ordinal);
        }
        else
        {
            variable.IsReadOnly |= on.Contains('r', StringComparison.Ordinal);
        }

        if (variable.IsTemporary && (on.Contains('x', StringComparison.Ordinal) || on.Contains('r', StringComparison.Ordinal)))
        {
            state.Variables.Keep(own);
        }

        return 0;
    }

    private static Assignment? ParseList(string name, string list)
    {
        try
        {
            return Parser.Parse($"{name}={list}") is Sequence { Commands: [(SimpleCommand { Words.Count: 0, Assignments: [{ Elements: not null } only] }, null)] } ? only : null;
        }
        catch (SyntaxException)
        {
            return null;
        }
    }

    // declare -n: the value is the name of another variable.
    private async ValueTask<int> ReferAsync(Invocation invocation, Variable variable, string name, Assignment? assignment, string on, string off)
    {
        if (variable.Array is not null || assignment?.Elements is not null || on.Contains('a', StringComparison.Ordinal) || on.Contains('A', StringComparison.Ordinal))
        {
            return await Builtin.ShellErrorAsync(invocation, $"{name}: reference variable cannot be an array");
        }

        string? value = assignment is null ? variable.Value : (assignment.Appends ? variable.Value : "") + await expander.AssignedAsync(assignment.Value, invocation.Cancellation);
        if (value is not null && !Builtin.IsReference(value))
        {
            return await Builtin.ShellErrorAsync(invocation, value.Length == 0 && assignment is not null ? "`': not a valid identifier" : $"`{value}': invalid variable name for name reference");
        }

        if (string.Equals(value, name, StringComparison.Ordinal))
        {
            return await Builtin.ShellErrorAsync(invocation, $"{name}: nameref variable self references not allowed");
        }

        Apply(variable, on, off, isList: false);
        variable.Value = value;
        variable.IsReadOnly |= on.Contains('r', StringComparison.Ordinal);
        return 0;
    }

    private static void Apply(Variable variable, string on, string off, bool isList)
    {
        bool Is(char letter) => on.Contains(letter, StringComparison.Ordinal);
        variable.IsReference &= !(Is('A') || Is('a') || isList);
        if (Is('A') || Is('a') || isList)
        {
            if (variable.Array is null)
            {
                variable.Array = new ShellArray(Is('A'));
                if (variable.Value is { } value)
                {
                    variable.Array.Set("0", value);
                    variable.Value = null;
                }
            }
        }

        variable.IsInteger = (variable.IsInteger || Is('i')) && !off.Contains('i', StringComparison.Ordinal);
        variable.IsExported = (variable.IsExported || Is('x')) && !off.Contains('x', StringComparison.Ordinal);
        variable.IsReference = (variable.IsReference || Is('n')) && !off.Contains('n', StringComparison.Ordinal);
        variable.IsTraced = (variable.IsTraced || Is('t')) && !off.Contains('t', StringComparison.Ordinal);
        variable.Case = Is('c') ? 'c' : Is('u') ? 'u' : Is('l') ? 'l' : off.Contains(variable.Case, StringComparison.Ordinal) ? '\0' : variable.Case;
    }

    private async ValueTask<int> PrintAsync(Invocation invocation, List<string> names, string on)
    {
        int status = 0;
        if (names.Count > 0)
        {
            foreach (string name in names)
            {
                if (state.Variables.FindItself(name) is { } variable)
                {
                    await invocation.PrintAsync(Declarations.Of(name, variable) + "\n");
                }
                else
                {
                    status = await Builtin.ShellErrorAsync(invocation, $"{name}: not found");
                }
            }

            return status;
        }

        IEnumerable<KeyValuePair<string, Variable>> shown = OwnVariables.All(state);
        if (invocation.Name is "local")
        {
            HashSet<string> own = new(state.Variables.LocalNames, StringComparer.Ordinal);
            await invocation.PrintAsync(string.Concat(shown.Where(pair => own.Contains(pair.Key) && pair.Value.IsSet).Select(pair => Declarations.Of(pair.Key, pair.Value) + "\n")));
            return 0;
        }

        string wanted = string.Concat(on.Where(c => "aAcilnrtux".Contains(c, StringComparison.Ordinal)));
        bool isPlain = wanted.Length == 0 && !on.Contains('p', StringComparison.Ordinal);
        await invocation.PrintAsync(string.Concat(shown.Where(pair => (wanted.Length == 0 || wanted.Any(c => pair.Value.Letters.Contains(c, StringComparison.Ordinal))) && (!isPlain || OwnVariables.IsShown(pair.Value))).Select(pair => (isPlain ? Declarations.Plain(pair.Key, pair.Value) : Declarations.Of(pair.Key, pair.Value)) + "\n")) + (isPlain && on.Length == 0 ? OwnVariables.Functions(state) : ""));
        return status;
    }

    private async ValueTask<int> FunctionsAsync(Invocation invocation, IReadOnlyList<string> names, bool onlyNames, bool isNamed)
    {
        if (names.Count == 0)
        {
            await invocation.PrintAsync(string.Concat(state.Functions.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => onlyNames ? $"declare -f {pair.Key}\n" : FunctionPrinter.Print(pair.Value))));
            return 0;
        }

        int status = 0;
        foreach (string name in names)
        {
            if (state.Functions.TryGetValue(name, out Function? function))
            {
                if (invocation.Name is "export")
                {
                    state.ExportedFunctions.Add(name);
                }

                await invocation.PrintAsync(invocation.Name is "export" or "readonly" ? "" : onlyNames ? (isNamed ? $"declare -f {name}\n" : name + "\n") : FunctionPrinter.Print(function));
            }
            else
            {
                status = invocation.Name is "export" or "readonly" ? await Builtin.ShellErrorAsync(invocation, $"{name}: not a function") : isNamed ? await Builtin.ShellErrorAsync(invocation, $"{name}: not found") : 1;
            }
        }

        return status;
    }

    private static string Usage(string name) => name switch
    {
        "export" => "export: usage: export [-fn] [name[=value] ...] or export -p\n",
        "readonly" => "readonly: usage: readonly [-aAf] [name[=value] ...] or readonly -p\n",
        "local" => "local: usage: local [option] name[=value] ...\n",
        _ => $"{name}: usage: {name} [-aAfFgiIlnrtux] [name[=value] ...] or {name} -p [-aAfFilnrtux] [name ...]\n",
    };
}
