using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>$name, ${name...}: values of parameters and of arrays, with their operators (bash(1), Parameter Expansion).</summary>
internal sealed class ParameterExpansion(ShellState state, Expander expander)
{
    private readonly ParameterOperators _operators = new(state, expander);

    /// <summary>Whether a part becomes any number of fields also within quotes.</summary>
    public static bool IsList(WordPart part) => part is ParameterPart { Kind: not '#' } parameter && (parameter.Name is "@" || (parameter.Subscript?.Text is "@" && !(parameter.Kind == '!' && parameter.Operator.Length > 0)) || (parameter.Kind == '!' && parameter.Operator is "@"));

    public async ValueTask AppendAsync(ParameterPart part, StringBuilder text, bool isQuoted, bool splits, CancellationToken cancellation)
    {
        if (part.Operator is "bad" || (part.Operator is "@" && part.Kind != '!' && part.Argument.Text is not ("Q" or "E" or "P" or "A" or "a" or "K" or "k" or "U" or "u" or "L")))
        {
            throw new ShellErrorException($"{part.Source}: bad substitution");
        }

        if (part.Kind == '!' && (part.Operator is "@" or "*") && part.Argument.Text.Length == 0)
        {
            string[] names = [.. state.Variables.All.Where(pair => pair.Key.StartsWith(part.Name, StringComparison.Ordinal) && (pair.Value.IsSet || pair.Value.Array is { IsAssigned: true })).Select(pair => pair.Key)];
            AppendList(names, part.Operator, text, isQuoted, splits, joins: true);
            return;
        }

        if (part.Subscript?.Text is "@" or "*" || part.Name is "@" or "*")
        {
            string all = part.Subscript?.Text ?? part.Name;
            if (part.Kind == '!' && part.Subscript is not null && part.Operator.Length == 0)
            {
                AppendList(Keys(part.Name), all, text, isQuoted, splits, joins: true);
                return;
            }

            if (part.Kind != '!')
            {
                await AppendAllAsync(part, all, text, isQuoted, splits, cancellation);
                return;
            }
        }

        if (part.Kind == '#')
        {
            string? counted = await ValueAsync(part.Name, part.Subscript, cancellation);
            CheckSet(part, counted);
            MarkedText.Append(text, Characters.Count(counted ?? "").ToString(CultureInfo.InvariantCulture), isQuoted, splits);
            return;
        }

        if (part.Kind == '!')
        {
            if (part.Subscript is null && state.Variables.Find(part.Name) is { IsReference: false, Array: { } list } && list.Get("0") is null)
            {
                return;
            }

            part = await IndirectAsync(part, cancellation);
            if (part.Subscript?.Text is "@" or "*" || part.Name is "@" or "*")
            {
                await AppendAllAsync(part, part.Subscript?.Text ?? part.Name, text, isQuoted, splits, cancellation);
                return;
            }
        }

        await AppendOneAsync(part, text, isQuoted, splits, cancellation);
    }

    /// <summary>The value of a parameter or of an element; null: it is not set.</summary>
    private async ValueTask<string?> ValueAsync(string name, Word? subscript, CancellationToken cancellation)
    {
        if (subscript is null)
        {
            string resolved = state.Variables.Resolve(name);
            return resolved.EndsWith(']') ? Element(resolved) : ShellParameters.Find(state, resolved);
        }

        string key = await KeyAsync(name, subscript, cancellation);
        if (state.Variables.Find(name)?.Array?.IsBefore(key) == true)
        {
            await expander.WarnAsync($"{name}: bad array subscript", cancellation);
            return null;
        }

        return Element(name, key);
    }

    private string? Element(string reference)
    {
        int open = reference.IndexOf('[', StringComparison.Ordinal);
        string name = reference[..open], key = reference[(open + 1)..^1];
        return Element(name, state.Key(state.Variables.Find(name)?.Array is { IsAssociative: true }, key));
    }

    private string? Element(string name, string key)
    {
        if (state.Variables.Find(name) is { } variable)
        {
            if (variable.Array is { } array)
            {
                return array.IsBefore(key) ? null : array.Get(key);
            }

            return key is "0" or "-1" ? variable.Value : null;
        }

        return ShellParameters.List(state, name) is { } list ? int.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int at) && (at < 0 ? at + list.Count : at) is >= 0 and var index && index < list.Count ? list[index] : null
            : key is "0" ? ShellParameters.Find(state, name) : null;
    }

    private async ValueTask<string> KeyAsync(string name, Word subscript, CancellationToken cancellation)
    {
        if (state.Variables.Find(name)?.Array is { IsAssociative: true })
        {
            return await expander.TextAsync(subscript, cancellation);
        }

        return subscript.Text.Length == 0 ? throw new ShellErrorException($"{name}[]: bad array subscript") : state.Index(await expander.TextAsync(subscript, cancellation));
    }

    private IReadOnlyList<string> Values(string name) =>
        name is "@" or "*" ? state.Arguments
        : state.Variables.Find(name) is { } variable ? variable.Array is { } array ? array.Values : variable.Value is { } value ? [value] : []
        : ShellParameters.List(state, name) ?? (ShellParameters.Find(state, name) is { } only ? [only] : []);

    private IReadOnlyList<string> Keys(string name) =>
        state.Variables.Find(name) is { } variable ? variable.Array is { } array ? array.Keys : variable.Value is not null ? ["0"] : []
        : ShellParameters.List(state, name) is { } list ? [.. Enumerable.Range(0, list.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))] : [];

    // ${!name}: the parameter whose name the value is.
    private async ValueTask<ParameterPart> IndirectAsync(ParameterPart part, CancellationToken cancellation)
    {
        if (part.Subscript is null && state.Variables.FindItself(part.Name) is { IsReference: true, Value: { } reference })
        {
            // Of a reference: the name that it stands for.
            return part with { Kind = '\0', Name = "", Subscript = null, Operator = ":-", Argument = new Word(reference, [new LiteralPart(reference, IsQuoted: true)]) };
        }

        string? target = part.Subscript?.Text is "@" or "*" ? string.Join(' ', Values(part.Name)) : part.Name is "#" ? state.Arguments.Count.ToString(CultureInfo.InvariantCulture) : await ValueAsync(part.Name, part.Subscript, cancellation);
        if (string.IsNullOrEmpty(target))
        {
            return target is null && ParameterOperators.IsDefault(part.Operator) && char.IsAsciiDigit(part.Name[0]) ? part with { Kind = '\0' } : part.Operator.Length > 0 && target is null && part.Operator[0] is ':' or '-' or '+' or '=' or '?' ? throw new ShellErrorException($"{Named(part)}: invalid indirect expansion")
                : target is null ? throw new ShellErrorException($"{Named(part)}: invalid indirect expansion") : throw new ShellErrorException($"{target}: invalid variable name");
        }

        int end = ParameterReader.NameEnd(target, 0);
        if (end > 0 && end < target.Length && target[end] == '[' && target.EndsWith(']'))
        {
            try
            {
                return part with { Kind = '\0', Name = target[..end], Subscript = WordReader.ReadWhole(target[(end + 1)..^1], WordReader.Place.Subscript) };
            }
            catch (SyntaxException e)
            {
                throw new ShellErrorException($"{target}: invalid variable name", e);
            }
        }

        bool isName = end == target.Length || target.All(char.IsAsciiDigit) || target is "@" or "*" or "#" or "?" or "-" or "$" or "!";
        return isName ? part with { Kind = '\0', Name = target, Subscript = null } : throw new ShellErrorException($"{target}: invalid variable name");
    }

    private static string Named(ParameterPart part) => part.Subscript is { } subscript ? $"{part.Name}[{subscript.Text}]" : part.Name;

    private async ValueTask AppendOneAsync(ParameterPart part, StringBuilder text, bool isQuoted, bool splits, CancellationToken cancellation)
    {
        string? value = await ValueAsync(part.Name, part.Subscript, cancellation);
        if (ParameterOperators.IsDefault(part.Operator))
        {
            bool isThere = value is not null && (part.Operator[0] != ':' || value.Length > 0);
            if (await DefaultAsync(part, isThere, text, isQuoted, splits, cancellation))
            {
                MarkedText.Append(text, value ?? "", isQuoted, splits);
            }

            return;
        }

        CheckSet(part, value);
        string result = part.Operator is "@" && part.Argument.Text is "A" or "a" or "K" or "k" ? Described(part, value) : await _operators.ApplyAsync(part, value, isQuoted, cancellation);
        MarkedText.Append(text, result, isQuoted, splits);
    }

    // "-", "=", "?" and "+": true if the value itself is what comes out.
    private async ValueTask<bool> DefaultAsync(ParameterPart part, bool isThere, StringBuilder text, bool isQuoted, bool splits, CancellationToken cancellation)
    {
        switch (part.Operator[^1])
        {
            case '+':
                if (isThere)
                {
                    await AppendArgumentAsync(part.Argument, text, isQuoted, splits, cancellation);
                }

                return false;
            case '-' when !isThere:
                await AppendArgumentAsync(part.Argument, text, isQuoted, splits, cancellation);
                return false;
            case '=' when !isThere:
                string assigned = await expander.TextAsync(part.Argument, cancellation);
                if (part.Name.Length == 0 || !(char.IsAsciiLetter(part.Name[0]) || part.Name[0] == '_'))
                {
                    throw new ShellErrorException($"${part.Name}: cannot assign in this way");
                }

                state.Set(part.Name, assigned, part.Subscript is { } key ? await KeyAsync(part.Name, key, cancellation) : null);
                MarkedText.Append(text, await ValueAsync(part.Name, part.Subscript, cancellation) ?? assigned, isQuoted, splits);
                return false;
            case '?' when !isThere:
                string message = await expander.TextAsync(part.Argument, cancellation);
                string name = part.Subscript is { } subscript ? $"{part.Name}[{subscript.Text}]" : part.Name;
                throw new ShellErrorException($"{name}: {(message.Length > 0 ? message : part.Operator is "?" ? "parameter not set" : "parameter null or not set")}", ShellParameters.FatalStatus(state));
            default:
                return true;
        }
    }

    private async ValueTask AppendArgumentAsync(Word argument, StringBuilder text, bool isQuoted, bool splits, CancellationToken cancellation)
    {
        if (isQuoted)
        {
            await expander.AppendAsync(argument.Parts, text, isQuoted: true, splits: false, cancellation);
            return;
        }

        IReadOnlyList<WordPart> parts = argument.Parts;
        if (parts is [LiteralPart { IsQuoted: false } first, ..] && first.Text.StartsWith('~'))
        {
            string home = await expander.TextAsync(argument, cancellation);
            MarkedText.Append(text, home, isQuoted: true, splits: false);
            return;
        }

        await expander.AppendAsync(parts, text, isQuoted: false, splits, cancellation);
    }

    private void CheckSet(ParameterPart part, string? value)
    {
        if (value is null && state.Has("nounset") && part.Name is not ("@" or "*"))
        {
            string name = part.Subscript is { } subscript ? $"{part.Name}[{subscript.Text}]" : char.IsAsciiDigit(part.Name[0]) && part.Source[1] != '{' ? "$" + part.Name : part.Name;
            throw new ShellErrorException($"{name}: unbound variable", ShellParameters.FatalStatus(state));
        }
    }

    private async ValueTask AppendAllAsync(ParameterPart part, string all, StringBuilder text, bool isQuoted, bool splits, CancellationToken cancellation)
    {
        IReadOnlyList<string> values = Values(part.Name);
        if (part.Kind == '#')
        {
            MarkedText.Append(text, values.Count.ToString(CultureInfo.InvariantCulture), isQuoted, splits);
            return;
        }

        if (ParameterOperators.IsDefault(part.Operator))
        {
            bool isThere = values.Count > 0 && (part.Operator[0] != ':' || values.Any(value => value.Length > 0) || (values.Count > 1 && !(all is "*" && state.Find("IFS") is "")));
            if (await DefaultAsync(part, isThere, text, isQuoted, splits, cancellation))
            {
                AppendList(values, all, text, isQuoted, splits);
            }

            return;
        }

        if (part.Operator is ":" && part.Subscript is not null && state.Variables.Find(part.Name) is { Array: null, Value: { } scalar })
        {
            MarkedText.Append(text, await _operators.ApplyAsync(part, scalar, isQuoted, cancellation), isQuoted, splits);
            return;
        }

        if (part.Operator is "@" && part.Argument.Text is "a")
        {
            AppendList([.. values.Select(_ => Described(part, null))], all, text, isQuoted, splits);
            return;
        }

        if (part.Operator is "@" && part.Argument.Text is "k" && state.Variables.Find(part.Name)?.Array is { } array)
        {
            AppendList([.. array.Keys.Zip(array.Values).SelectMany(pair => new[] { pair.First, pair.Second })], all, text, isQuoted, splits);
            return;
        }

        if (part.Operator is "@" && part.Argument.Text is "A" or "K" or "k")
        {
            MarkedText.Append(text, Described(part, null), isQuoted, splits);
            return;
        }

        IReadOnlyList<string> made = part.Operator is ":" ? await _operators.SliceAsync(part, values, Keys(part.Name), cancellation) : part.Operator.Length == 0 ? values : await _operators.ApplyAllAsync(part, values, isQuoted, cancellation);
        AppendList(made, all, text, isQuoted, splits);
    }

    private string Described(ParameterPart part, string? value)
    {
        string name = state.Variables.Resolve(part.Name);
        if (state.Variables.FindItself(name) is not { } variable)
        {
            return "";
        }

        return part.Argument.Text switch
        {
            "a" => variable.Letters,
            "A" when part.Subscript is not null || variable.Letters.Length > 0 => part.Subscript is null && variable.Array is not null ? $"declare -{variable.Letters} {name}={Quoting.Of(value ?? "")}" : Declarations.Of(name, variable, Quoting.Of),
            "A" => $"{name}={Quoting.Of(value ?? "")}",
            _ => variable.Array is { } array && part.Subscript?.Text is "@" or "*" ? string.Join(' ', array.Keys.Zip(array.Values, (k, v) => part.Argument.Text is "k" ? $"{k} {v}" : $"{Quoting.KeyOf(k)} \"{Quoting.InDoubleQuotes(v)}\"")) : Quoting.Of(value ?? ""),
        };
    }

    private void AppendList(IReadOnlyList<string> values, string all, StringBuilder text, bool isQuoted, bool splits, bool joins = false)
    {
        if (all is "*" && (isQuoted || !splits || (joins && state.Variables.FindItself("IFS")?.Value is "")))
        {
            string? ifs = state.Variables.FindItself("IFS") is { } set ? set.Value : " ";
            MarkedText.Append(text, string.Join(ifs is null ? " " : Characters.First(ifs), values), isQuoted, splits);
            if (isQuoted && values.Count > 0)
            {
                text.Append(MarkedText.Empty);
            }

            return;
        }

        if (!isQuoted && splits && state.Variables.FindItself("IFS")?.Value is [not (' ' or '\t' or '\n') and var separator, ..])
        {
            // Empty ones are kept between separators that are no blanks.
            MarkedText.Append(text, string.Join(separator, values), isQuoted: false, splits);
            return;
        }

        for (int i = 0; i < values.Count; i++)
        {
            if (i > 0)
            {
                text.Append(MarkedText.Separator);
            }

            if (isQuoted)
            {
                text.Append(MarkedText.Empty);
            }

            MarkedText.Append(text, values[i], isQuoted, splits);
        }
    }
}
