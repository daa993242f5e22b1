using System.Globalization;
using System.Text;

namespace Blackwall.Config;

/// <summary>Writes blackwall.toml with every section and key, what each is for, its default, unit and range. Pure.</summary>
public static class SettingsFile
{
    private const int Width = 100;

    /// <summary>The whole file.</summary>
    /// <param name="sections">As the features declare them.</param>
    /// <param name="values">What is to be set, by "section.key"; everything else stands there as a comment with its default.</param>
    public static string Write(IReadOnlyList<IConfigSection> sections, IReadOnlyDictionary<string, object?> values)
    {
        ArgumentNullException.ThrowIfNull(sections);
        ArgumentNullException.ThrowIfNull(values);
        StringBuilder text = new();
        Comment(text, "Settings of Blackwall. A line that begins with # is a comment: each setting stands here with its default; remove the # to change it.");
        Comment(text, "\"blackwall check-config\" tells what is wrong. \"systemctl reload blackwall\" takes up what is marked \"live\"; the rest takes effect with \"blackwall handover\" or a restart.");
        foreach (IConfigSection section in sections)
        {
            text.Append('\n');
            Comment(text, section.About);
            text.Append(CultureInfo.InvariantCulture, $"[{section.Name}]\n");
            foreach (SettingDeclaration setting in section.Declarations)
            {
                text.Append('\n');
                Comment(text, setting.Help);
                Comment(text, $"{Sentence(setting)}.");
                bool isSet = values.TryGetValue(setting.Name, out object? value);
                text.Append(CultureInfo.InvariantCulture, $"{(isSet ? "" : "#")}{setting.Key} = {Write(isSet ? value : setting.Default)}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>A value as TOML; what is not set is empty text.</summary>
    /// <param name="value">Null, a whole number, a number, a flag, text or a list of texts.</param>
    public static string Write(object? value) => value switch
    {
        null => "\"\"",
        bool flag => flag ? "true" : "false",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString(double.IsInteger(number) ? "0.0" : "R", CultureInfo.InvariantCulture),
        IReadOnlyList<string> list => $"[{string.Join(", ", list.Select(Quote))}]",
        _ => Quote(Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };

    /// <summary>"Whole number within 5..500; default 20; live".</summary>
    internal static string Sentence(SettingDeclaration setting) =>
        $"{char.ToUpperInvariant(setting.Allowed[0])}{setting.Allowed[1..]}; default {(setting.Default is null ? "not set" : Write(setting.Default))}{(setting.IsLive ? "; live" : "")}";

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                < ' ' or '\u007f' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static void Comment(StringBuilder text, string sentence)
    {
        int at = 0;
        foreach (string word in sentence.Split(' '))
        {
            if (at > 0 && at + word.Length + 1 > Width)
            {
                text.Append('\n');
                at = 0;
            }

            string piece = at == 0 ? $"# {word}" : $" {word}";
            text.Append(piece);
            at += piece.Length;
        }

        text.Append('\n');
    }
}
