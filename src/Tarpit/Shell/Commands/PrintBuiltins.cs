namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>echo and printf.</summary>
internal static class PrintBuiltins
{
    public static async ValueTask<int> EchoAsync(Invocation i)
    {
        int first = 0;
        bool newLine = true, escapes = i.State.IsDash || i.State.Has("xpg_echo");
        while (first < i.Arguments.Count && i.Arguments[first] is ['-', .. { Length: > 0 } letters] && (i.State.IsDash ? letters is "n" && first == 0 : letters.All(c => c is 'n' or 'e' or 'E')))
        {
            foreach (char letter in letters)
            {
                newLine &= letter != 'n';
                escapes = letter == 'e' || (letter != 'E' && escapes);
            }

            first++;
        }

        string text = string.Join(' ', i.Arguments.Skip(first));
        if (escapes)
        {
            text = Escapes.DecodeEcho(text, out bool ends);
            newLine &= !ends;
        }

        await i.PrintAsync(newLine ? text + "\n" : text);
        return 0;
    }

    public static async ValueTask<int> PrintfAsync(Invocation i)
    {
        IReadOnlyList<string> words = i.Arguments;
        string? variable = null;
        if (words is [['-', 'v', ..] option, ..])
        {
            variable = option.Length > 2 ? option[2..] : words.Count > 1 ? words[1] : "";
            words = [.. words.Skip(option.Length > 2 ? 1 : 2)];
            if (!Builtin.IsReference(variable))
            {
                return await Builtin.ShellErrorAsync(i, $"`{variable}': not a valid identifier", 2);
            }
        }

        if (words is ["--", ..])
        {
            words = [.. words.Skip(1)];
        }
        else if (words is [['-', not '-', ..] wrong, ..] && variable is null && wrong.Length > 1)
        {
            return await Builtin.InvalidOptionAsync(i, wrong[..2], "printf [-v var] format [arguments]");
        }

        if (words.Count == 0)
        {
            await i.Streams.Error.WriteAsync("printf: usage: printf [-v var] format [arguments]\n", i.Cancellation);
            return 2;
        }

        Format format = new(i.State);
        string text = format.Apply(words[0], [.. words.Skip(1)]);
        foreach (string error in format.Errors)
        {
            await Builtin.ShellErrorAsync(i, error);
        }

        if (variable is null)
        {
            await i.PrintAsync(text);
        }
        else
        {
            i.State.Set(variable, text);
        }

        return format.Errors.Exists(error => !error.StartsWith("warning:", StringComparison.Ordinal)) ? 1 : 0;
    }
}
