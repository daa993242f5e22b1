using System.Collections;
using System.Globalization;
using Blackwall.Config;

namespace Blackwall.Bridges.Setup;

/// <summary>The first run: shows what is there, asks what to guard, writes the configuration, and says what to do next. Starts nothing.</summary>
/// <param name="sections">What can be set.</param>
/// <param name="interfaces">What there is to guard.</param>
/// <param name="guarded">Whom nothing automatic may drop.</param>
/// <param name="output">For what it tells.</param>
/// <param name="error">For what goes wrong.</param>
/// <param name="person">Who is asked; null: nobody, so that everything has to be said by options or is as it is by default.</param>
internal sealed class SetupWizard(
    IReadOnlyList<IConfigSection> sections,
    IReadOnlyList<FoundInterface> interfaces,
    IReadOnlyList<(Pipeline.Model.Address Address, string Why)> guarded,
    TextWriter output,
    TextWriter error,
    TextReader? person)
{
    private const int MostGuarded = 20;

    /// <returns>Exit code: 0 written; 1 not written, as was answered; 64 not understood; 73 the file cannot be written; 78 the values do not fit.</returns>
    public int Run(WizardLine line)
    {
        Show();
        if (ChooseInterface(line, out string? refused) is not { } chosen)
        {
            return Startup.Refuse(Startup.BadUsage, [refused!]);
        }

        string mode = line.Mode ?? Ask(line, $"Mode ({string.Join(", ", WizardLine.Modes)}; observe counts what would be dropped and drops nothing)", "observe");
        string listen = line.Listen ?? Ask(line, "Where the API listens (https:// for other machines)", WizardLine.DefaultListen);
        if (!WizardLine.Modes.Contains(mode, StringComparer.Ordinal))
        {
            return Startup.Refuse(Startup.BadUsage, [$"mode {Api.Contracts.Words.NotOneOf(mode, WizardLine.Modes)}."]);
        }

        Dictionary<string, object?> values = new(StringComparer.Ordinal) { ["network.interface"] = chosen, ["network.mode"] = mode, ["api.listen"] = listen };
        return MayWrite(line) switch
        {
            null => Write(line.Output, SettingsFile.Write(sections, values), mode),
            { } why => Refused(why),
        };
    }

    private void Show()
    {
        output.WriteLine("Interfaces of this machine:");
        for (int i = 0; i < interfaces.Count; i++)
        {
            FoundInterface found = interfaces[i];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {i + 1}  {found.Describe()}"));
            if (found.Refusal is { } refusal)
            {
                output.WriteLine($"     cannot be guarded: {refusal}");
            }
        }

        output.WriteLine();
        output.WriteLine("Never dropped by anything automatic:");
        foreach ((Pipeline.Model.Address address, string why) in guarded.Take(MostGuarded))
        {
            output.WriteLine($"  {address}  {why}");
        }

        if (guarded.Count > MostGuarded)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {guarded.Count - MostGuarded} more"));
        }

        output.WriteLine();
    }

    private string? ChooseInterface(WizardLine line, out string? refused)
    {
        string? first = interfaces.FirstOrDefault(found => found.Refusal is null)?.Name;
        string typed = line.Interface ?? (first is null ? "" : Ask(line, "Interface to guard, by name or number", first));
        FoundInterface? found = interfaces.FirstOrDefault(known => string.Equals(known.Name, typed, StringComparison.Ordinal))
            ?? (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? interfaces.ElementAtOrDefault(number - 1) : null);
        refused = (found, typed) switch
        {
            ({ Refusal: { } refusal }, _) => refusal,
            ({ }, _) => null,
            (_, "") => "No interface of this machine can be guarded.",
            _ => $"There is no interface {typed}; there are {string.Join(", ", interfaces.Select(known => known.Name))}.",
        };
        return refused is null ? found!.Name : null;
    }

    // The file that a package brings has nothing set in it and may go.
    private string? MayWrite(WizardLine line)
    {
        try
        {
            if (!File.Exists(line.Output) || line.Overwrite || !HasSettings(File.ReadAllLines(line.Output)))
            {
                return null;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{line.Output} cannot be read: {failure.Message}";
        }

        if (person is null || line.Yes)
        {
            return $"{line.Output} has settings already and was left as it is; --overwrite replaces it, --output names another file.";
        }

        output.Write($"{line.Output} has settings already. Replace it? Type y: ");
        output.Flush();
        return person.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES" ? null : $"{line.Output} was left as it is.";
    }

    /// <summary>Whether anything but comments and titles of sections stands there.</summary>
    internal static bool HasSettings(IEnumerable<string> lines) =>
        lines.Select(text => text.Trim()).Any(text => text.Length > 0 && text[0] is not ('#' or '['));

    private int Write(string file, string text, string mode)
    {
        string made = file + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllText(made, text);
            CommandLine read = CommandLine.TryParse(["check-config", "--config", made], out _)!;
            if (ApplianceConfig.TryLoad(read, new Hashtable(), sections, out IReadOnlyList<string> errors) is null)
            {
                File.Delete(made);
                return Startup.Refuse(Startup.BadConfig, errors.Select(wrong => wrong.Replace(made, file, StringComparison.Ordinal)));
            }

            if (File.Exists(file))
            {
                // In place: who may read it stays as the package made it.
                File.WriteAllText(file, text);
                File.Delete(made);
            }
            else
            {
                File.Move(made, file);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Startup.Refuse(Startup.NoState, [$"{file} cannot be written ({failure.Message.TrimEnd('.')}); be root, or name another file with --output."]);
        }

        output.WriteLine($"Wrote {file}.");
        string config = string.Equals(file, CommandLine.DefaultConfigPath, StringComparison.Ordinal) ? "" : $" --config {file}";
        output.WriteLine(Directory.Exists("/run/systemd/system") && config.Length == 0 && File.Exists("/lib/systemd/system/blackwall.service")
            ? "Next: systemctl restart blackwall"
            : $"Next: blackwall run{config}");
        output.WriteLine(mode is "observe"
            ? "Until something else is confirmed it counts and drops nothing. Look with 'blackwall status' and 'blackwall sources'; when all is well, 'blackwall enforce' lets it act, on trial."
            : "Look with 'blackwall status'.");
        return 0;
    }

    private string Ask(WizardLine line, string question, string otherwise)
    {
        if (person is null || line.Yes)
        {
            return otherwise;
        }

        output.Write($"{question} [{otherwise}]: ");
        output.Flush();
        return person.ReadLine()?.Trim() is { Length: > 0 } answer ? answer : otherwise;
    }

    private int Refused(string why)
    {
        error.WriteLine(why);
        return 1;
    }
}
