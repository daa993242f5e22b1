using System.Globalization;
using Blackwall.Tarpit.Shell.Expansion;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>Assignments to variables, elements and arrays (bash(1), PARAMETERS).</summary>
internal sealed class Assignments(ShellState state, Expander expander)
{
    /// <summary>Makes an assignment; the value in a form that set -x shows.</summary>
    public async ValueTask<string> MakeAsync(Assignment assignment, CancellationToken cancellation)
    {
        if (assignment.Name is "SHELLOPTS" or "BASHOPTS" or "PPID" or "UID" or "EUID")
        {
            throw new ShellErrorException($"{assignment.Name}: readonly variable");
        }

        if (assignment is { Elements: not null, Subscript: { } element })
        {
            throw new ShellErrorException($"{assignment.Name}[{element.Text}]: cannot assign list to array member");
        }

        if (assignment.Elements is { } elements)
        {
            await FillAsync(assignment.Name, elements, assignment.Appends, cancellation);
            return $"{assignment.Name}={assignment.Source.Text[(assignment.Source.Text.IndexOf('=', StringComparison.Ordinal) + 1)..]}";
        }

        string value = await expander.AssignedAsync(assignment.Value, cancellation);
        if (assignment.Subscript is { } subscript)
        {
            ShellArray? array = state.Variables.Find(assignment.Name)?.Array;
            string key = subscript.Text is "@" or "*" && array is not { IsAssociative: true } ? throw new ShellErrorException($"{assignment.Name}[{subscript.Text}]: bad array subscript")
                : array is { IsAssociative: true } ? await KeyAsync(subscript, $"{assignment.Name}[{subscript.Text}]", cancellation)
                : subscript.Text.Length == 0 ? throw new ShellErrorException($"{assignment.Name}[]: bad array subscript")
                : state.Index(await expander.TextAsync(subscript, cancellation));
            string? old = array is null ? key is "0" ? state.Find(assignment.Name) : null : array.Get(key);
            state.Set(assignment.Name, assignment.Appends ? Appended(assignment.Name, old ?? "", value) : value, key);
            return $"{assignment.Name}[{subscript.Text}]{(assignment.Appends ? "+" : "")}={value}";
        }

        state.Set(assignment.Name, assignment.Appends ? Appended(assignment.Name, state.Get(assignment.Name), value) : value);
        if (assignment.Name is "LC_ALL" && value is not ("" or "C" or "POSIX" or "C.UTF-8" or "C.utf8"))
        {
            await expander.WarnAsync($"warning: setlocale: LC_ALL: cannot change locale ({value}): No such file or directory", cancellation);
        }

        return $"{assignment.Name}{(assignment.Appends ? "+" : "")}={Quoting.IfNeeded(value)}";
    }

    /// <summary>The assignment with its words expanded.</summary>
    public async ValueTask<Assignment> ResolveAsync(Assignment assignment, bool isAssociative, CancellationToken cancellation)
    {
        if (assignment.Elements is not { } elements)
        {
            return assignment with { Value = Literal(await expander.AssignedAsync(assignment.Value, cancellation)) };
        }

        isAssociative |= state.Variables.Find(assignment.Name)?.Array is { IsAssociative: true };
        List<ArrayElement> resolved = [];
        foreach (ArrayElement element in elements)
        {
            if (element.Key is { } key)
            {
                string source = $"[{key.Text}]={element.Value.Text}";
                resolved.Add(element with { Key = isAssociative ? Literal(await expander.DocumentAsync(key, cancellation), source) : key, Value = Literal(isAssociative ? await expander.DocumentAsync(element.Value, cancellation) : await expander.AssignedAsync(element.Value, cancellation)) });
            }
            else if (isAssociative)
            {
                resolved.Add(new ArrayElement(null, Appends: false, Literal(await expander.DocumentAsync(element.Value, cancellation), element.Value.Text)));
            }
            else
            {
                resolved.AddRange((await expander.WordsAsync([element.Value], cancellation)).Select(value => new ArrayElement(null, Appends: false, Literal(value))));
            }
        }

        return assignment with { Elements = resolved };
    }

    private static Word Literal(string text, string? source = null) => new(source ?? text, [new LiteralPart(text, IsQuoted: true)]);

    // An associative array has no empty key.
    private async ValueTask<string> KeyAsync(Word key, string source, CancellationToken cancellation) =>
        await expander.DocumentAsync(key, cancellation) is { Length: > 0 } text ? text : throw new ShellErrorException($"{source}: bad array subscript");

    private string Appended(string name, string old, string value) =>
        state.Variables.Find(name) is { IsInteger: true } ? unchecked(Calculator.Evaluate(old, state) + Calculator.Evaluate(value, state)).ToString(CultureInfo.InvariantCulture) : old + value;

    private async ValueTask FillAsync(string name, IReadOnlyList<ArrayElement> elements, bool appends, CancellationToken cancellation)
    {
        name = state.Variables.Resolve(name);
        if (name.EndsWith(']'))
        {
            throw new ShellErrorException($"`{name}': not a valid identifier");
        }

        Variable variable = state.Variables.MakeItself(name);
        if (variable.IsReadOnly)
        {
            throw new ShellErrorException($"{name}: readonly variable");
        }

        bool isAssociative = variable.Array is { IsAssociative: true };
        ShellArray? before = variable.Array;
        // Expanded before the array is emptied: its own elements may be among them. Indices are computed as it fills.
        List<(string? Key, bool Appends, string Value, string Source)> filled = [];
        foreach (ArrayElement element in elements)
        {
            if (isAssociative)
            {
                string? text = element.Key is { } word ? await expander.DocumentAsync(word, cancellation) : null;
                filled.Add((text, element.Appends, await expander.DocumentAsync(element.Value, cancellation), element.Key is { } named ? named.Text.StartsWith('[') ? named.Text : $"[{named.Text}]={element.Value.Text}" : element.Value.Text));
            }
            else if (element.Key is { } key)
            {
                filled.Add((await expander.TextAsync(key, cancellation), element.Appends, await expander.AssignedAsync(element.Value, cancellation), ""));
            }
            else
            {
                filled.AddRange((await expander.WordsAsync([element.Value], cancellation)).Select(value => ((string?)null, false, value, "")));
            }
        }

        ShellArray array = appends ? state.Array(name) : new ShellArray(isAssociative);
        if (!appends)
        {
            (variable.Value, variable.Array) = (null, array);
        }

        array.IsAssigned = true;

        if (isAssociative && filled.TrueForAll(element => element.Key is null))
        {
            // Keys and values in turn.
            for (int i = 0; i < filled.Count; i += 2)
            {
                if (filled[i].Value.Length == 0)
                {
                    await expander.WarnAsync($"{filled[i].Source}: bad array subscript", cancellation);
                    continue;
                }

                state.Set(name, i + 1 < filled.Count ? filled[i + 1].Value : "", filled[i].Value);
            }

            return;
        }

        long next = array.Next;
        foreach ((string? key, bool adds, string value, string source) in filled)
        {
            if (isAssociative && key is null)
            {
                await expander.WarnAsync($"{name}: {source}: must use subscript when assigning associative array", cancellation);
                continue;
            }

            if (isAssociative && key!.Length == 0)
            {
                await expander.WarnAsync($"{source}: bad array subscript", cancellation);
                continue;
            }

            string at = key is null ? next.ToString(CultureInfo.InvariantCulture) : isAssociative ? key : state.Index(key);
            state.Set(name, adds ? Appended(name, (isAssociative ? before : array)?.Get(at) ?? "", value) : value, at);
            next = long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? (number < 0 ? array.Next : number + 1) : next;
        }
    }
}
