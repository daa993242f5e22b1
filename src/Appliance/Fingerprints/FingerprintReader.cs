using Blackwall.Api.Contracts;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Blackwall.Fingerprints;

/// <summary>Turns what somebody wrote into an entry, and says of each field that is wrong what it has to be. Pure.</summary>
public static partial class FingerprintReader
{
    private const int MaxLabel = 100;
    private const int MaxSource = 300;
    private const int MaxNote = 500;

    /// <summary>Null: <paramref name="errors"/> has a sentence for each wrong field, by its name.</summary>
    public static FingerprintEntry? Read(FingerprintLine line, IDictionary<string, string[]> errors)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(errors);
        int before = errors.Count;
        FingerprintKind? kind = Word("kind", line.Kind, FingerprintWords.Kinds, errors);
        FingerprintCategory? category = Word("category", line.Category, FingerprintWords.Categories, errors);
        if (kind is { } known && WrongValue(known, line.Value ?? "") is { } wrong)
        {
            errors["value"] = [wrong];
        }

        Text("label", line.Label, 1, MaxLabel, errors);
        Text("source", line.Source, 1, MaxSource, errors);
        Text("note", line.Note ?? "", 0, MaxNote, errors);
        if (line.Confidence is not (>= 0 and <= 1))
        {
            errors["confidence"] = ["A number within 0..1."];
        }

        return errors.Count > before
            ? null
            : new FingerprintEntry(kind!.Value, line.Value!, line.Label!, category!.Value, line.Confidence!.Value, line.Source!, string.IsNullOrEmpty(line.Note) ? null : line.Note);
    }

    /// <summary>Null: it is a value of that kind. Else what it has to be.</summary>
    public static string? WrongValue(FingerprintKind kind, string value)
    {
        (Regex form, string sentence) = kind switch
        {
            FingerprintKind.Ja4 => (Ja4Form(), "36 characters as in t13d1516h2_8daaf6152771_b0da82dd1658, or at least the first three of them with a '*' at the end."),
            FingerprintKind.Hassh => (HasshForm(), "32 hex digits in lower case."),
            FingerprintKind.TcpSyn => (SynForm(), "Seven fields as in 4_64_mstnw_di_mm_e_7, or at least the first of them with a '*' at the end."),
            _ => (BannerForm(), "5..80 printable ASCII characters that begin with SSH-; a '*' at the end means everything that begins so."),
        };
        return form.IsMatch(value) ? null : sentence;
    }

    private static T? Word<T>(string field, string? word, IReadOnlyDictionary<string, T> words, IDictionary<string, string[]> errors)
        where T : struct
    {
        if (word is not null && words.TryGetValue(word, out T value))
        {
            return value;
        }

        errors[field] = [Words.NotOneOf(word, words.Keys)];
        return null;
    }

    private static void Text(string field, string? text, int min, int max, IDictionary<string, string[]> errors)
    {
        if (text is null || text.Length < min || text.Length > max || text.Any(char.IsControl))
        {
            errors[field] = [string.Create(CultureInfo.InvariantCulture, $"{min}..{max} characters, none of them control characters.")];
        }
    }

    [GeneratedRegex(@"\A(?:[tqd][0-9a-z]{2}[di][0-9]{4}[0-9A-Za-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}|[tqd][0-9a-z]{2}[0-9A-Za-z_]{0,32}\*)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ja4Form();

    [GeneratedRegex(@"\A[0-9a-f]{32}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HasshForm();

    [GeneratedRegex(@"\ASSH-[ -~]{1,76}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BannerForm();

    [GeneratedRegex(
        @"\A[46]_(?:(?:64|128|255)_(?:0|(?:[mnwstdapfb]|x[0-9]{1,3}|e[0-9]{1,2}){1,40})_(?:0|[a-z]{1,20})_(?:mm|[mu]?[0-9]{1,5})_[0epsj]_(?:x|[0-9]{1,3})|[0-9a-z_]{0,126}\*)\z",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex SynForm();
}
