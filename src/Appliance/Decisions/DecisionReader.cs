using System.Globalization;
using Blackwall.Api.Contracts;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Decisions;

/// <summary>Turns what a client sent into what the board understands, and collects everything that is wrong with it.</summary>
internal sealed class DecisionReader
{
    public const long MaxTtlSeconds = 315_360_000;
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    public bool Failed => _errors.Count > 0;

    public DecisionRequest Request(DecisionInput input, string actor)
    {
        DecisionRequest request = Read(input, actor);
        if (!Failed)
        {
            ConfirmWide(request.Verdict, [request.Scope], input.Force == true);
        }

        return request;
    }

    /// <summary>An allow rule over a large part of the internet takes the wall down for it: only who says so gets it.</summary>
    public void ConfirmWide(Verdict verdict, IReadOnlyList<Prefix> scopes, bool forced)
    {
        if (verdict == Pipeline.Model.Verdict.Pass && !forced && WideScope.Find(scopes) is { } wide)
        {
            Fail("force", $"A pass rule for {wide} lets so many addresses past every block that the wall would protect nobody; set force = true (--force on the command line) if that is meant.");
        }
    }

    private DecisionRequest Read(DecisionInput input, string actor) => new(
        Scope("scope", input.Scope, required: true) ?? default,
        Verdict("verdict", input.Verdict, required: true) ?? default,
        Pipeline.Model.Origin.Operator,
        Reason(input.Reason),
        1,
        Ttl(input.TtlSeconds),
        [],
        Comment(input.Comment),
        actor);

    public Prefix? Scope(string field, string? text, bool required = false)
    {
        if (string.IsNullOrEmpty(text))
        {
            Require(field, required);
            return null;
        }

        if (Prefix.TryParse(text, out Prefix scope, out string? error))
        {
            return scope;
        }

        _errors[field] = [error!];
        return null;
    }

    public Verdict? Verdict(string field, string? word, bool required = false) => Word(field, word, Words.Verdicts, required);

    public Origin? Origin(string field, string? word) => Word(field, word, Words.Origins, required: false);

    public EnforcementMode? Mode(string field, string? word) => Word(field, word, Words.Modes, required: false);

    public bool? Flag(string field, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (text is "true" or "false")
        {
            return text is "true";
        }

        _errors[field] = ["true or false."];
        return null;
    }

    /// <summary>RFC 3339, with its offset.</summary>
    public DateTimeOffset? Time(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        string[] formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        if (text[^1] is 'Z' || (text.Length > 6 && text[^6] is '+' or '-'))
        {
            if (DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time))
            {
                return time;
            }
        }

        _errors[field] = ["A time like 2026-01-31T12:00:00Z."];
        return null;
    }

    public int Number(string field, string? text, int otherwise, int min, int max)
    {
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
        {
            return number;
        }

        _errors[field] = [string.Create(CultureInfo.InvariantCulture, $"A whole number within {min}..{max}.")];
        return otherwise;
    }

    public long Cursor(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return long.MaxValue;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0)
        {
            return id;
        }

        _errors[field] = ["Not a cursor of this list."];
        return long.MaxValue;
    }

    public TimeSpan? Ttl(long? seconds)
    {
        if (seconds is null)
        {
            return null;
        }

        if (seconds is >= 1 and <= MaxTtlSeconds)
        {
            return TimeSpan.FromSeconds(seconds.Value);
        }

        _errors["ttlSeconds"] = [string.Create(CultureInfo.InvariantCulture, $"A whole number within 1..{MaxTtlSeconds}; leave it out for no end.")];
        return null;
    }

    public string Reason(string? text)
    {
        if (text is null)
        {
            return "operator";
        }

        CheckWord("reason", text);
        return text;
    }

    /// <summary>Name of a list of rules; null: none is named.</summary>
    public string? List(string field, string? text)
    {
        if (text is not null)
        {
            CheckWord(field, text);
        }

        return text;
    }

    public string Owner(string text)
    {
        if (text.Length > Admission.MaxOwner || text.Any(char.IsControl))
        {
            _errors["owner"] = [string.Create(CultureInfo.InvariantCulture, $"At most {Admission.MaxOwner} characters, none of them control characters.")];
        }

        return text;
    }

    public string? Comment(string? text)
    {
        if (text?.Length > Admission.MaxComment || text?.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) == true)
        {
            _errors["comment"] = [string.Create(CultureInfo.InvariantCulture, $"At most {Admission.MaxComment} characters, none of them control characters.")];
        }

        return text;
    }

    public void Fail(string field, string error) => _errors[field] = [error];

    private T? Word<T>(string field, string? word, IReadOnlyDictionary<string, T> words, bool required)
        where T : struct
    {
        if (string.IsNullOrEmpty(word))
        {
            Require(field, required);
            return null;
        }

        if (words.TryGetValue(word, out T value))
        {
            return value;
        }

        _errors[field] = [Words.NotOneOf(word, words.Keys)];
        return null;
    }

    private void CheckWord(string field, string text)
    {
        if (text.Length is 0 or > Admission.MaxWord || text.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
        {
            _errors[field] = [string.Create(CultureInfo.InvariantCulture, $"1..{Admission.MaxWord} of a-z, 0-9 and '-'.")];
        }
    }

    private void Require(string field, bool required)
    {
        if (required)
        {
            _errors[field] = ["It is needed."];
        }
    }
}
