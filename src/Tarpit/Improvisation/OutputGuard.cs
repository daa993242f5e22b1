using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Blackwall.Tarpit.Improvisation.Wire;

namespace Blackwall.Tarpit.Improvisation;

/// <summary>
/// Looks at what a model says, line by line, before a peer sees it: only what a program of that class could print passes. One line that does not ends the
/// whole answer. It is not told what an attack looks like, but what output looks like.
/// </summary>
internal sealed partial class OutputGuard(ImprovisationQuestion question)
{
    private const int LongestLine = 400;
    private const int LongestToken = 72;
    private const int MostInRow = 4;

    private static readonly SearchValues<char> s_beyondAscii = SearchValues.Create("©®°µ–—‘’“”•●│├└─…×");

    // Words that talk to somebody, in the languages that models are asked in most. Two of them make a sentence of a line.
    private static readonly HashSet<string> s_talk = new(StringComparer.OrdinalIgnoreCase)
    {
        "the", "this", "that", "there", "here", "have", "has", "been", "will", "would", "can", "cannot", "please", "sorry", "sure", "okay", "hello", "hi", "with", "what", "which", "because", "should", "could",
        "je", "suis", "vous", "nous", "est", "les", "une", "des", "pas", "pour", "bonjour", "voici", "ich", "bin", "nicht", "ist", "das", "der", "und", "ein", "eine", "hallo", "hier", "soy", "usted", "los", "las",
        "una", "para", "hola", "aqui", "como", "eu", "sou", "voce", "uma", "nao", "ola", "isto", "ecco", "sono", "ciao", "che", "della", "ya", "eto", "vot", "privet", "wo", "shi", "nihao", "ni", "hao",
    };

    private static readonly HashSet<string> s_person = new(StringComparer.Ordinal)
    {
        "I", "I'm", "I'll", "I've", "me", "my", "mine", "myself", "you", "You", "your", "Your", "yours", "we", "We", "our", "Our", "us", "moi", "mon", "mich", "mir", "mein", "yo", "mi", "meu", "minha", "io", "mio",
    };

    private static readonly char[] s_marks = ['-', '_', '.', ':', '=', ',', '+', '@', '%', '~', '*', '/'];

    private static readonly string[] s_prompt = Shingles(ImprovisationPrompt.System);

    private readonly HashSet<string> _fragments = FragmentsOf(question.Arguments);
    private readonly HashSet<string> _parts = PartsOf(question.Arguments);
    private readonly string[] _whole = [.. question.Arguments.Append(question.Program).OrderByDescending(argument => argument.Length)];
    private int _lines;
    private bool _isUsageNamed;
    private bool _isUsageSeen;

    /// <summary>Whether enough was seen for lines to be shown: help is no help before it says how the program is used.</summary>
    public bool MayShow => question.Expected is not OutputClass.Help || _isUsageSeen;

    /// <summary>Lines at most.</summary>
    public int MostLines => question.Expected switch { OutputClass.Version => 12, OutputClass.Help => 120, OutputClass.Silent => 2, _ => 160 };

    /// <summary>Whether the next line may be shown.</summary>
    public bool Passes(string line)
    {
        _lines++;
        if (_lines > MostLines || line.Length > LongestLine || !line.All(IsPrintable) || s_never.IsMatch(line) || Echoes(line) || Repeats(line))
        {
            return false;
        }

        string[] tokens = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (tokens.Any(token => token.Length > LongestToken || Hides(token)) || (_parts.Count > 0 && tokens.Length > 0 && tokens.All(token => _parts.Contains(token) || _parts.Contains(new string([.. token.Reverse()])))))
        {
            return false;
        }

        return question.Expected switch
        {
            OutputClass.Version => _lines > 1 ? !IsSpeech(line, tokens, isStrict: false) : line.Contains(question.Program.Split('/')[^1], StringComparison.OrdinalIgnoreCase) && line.Any(char.IsAsciiDigit) && !IsSpeech(line, tokens, isStrict: true),
            OutputClass.Help => IsHelp(line, tokens),
            OutputClass.Silent => IsError(line) && !IsSpeech(line, tokens, isStrict: false),
            _ => IsError(line) ? !IsSpeech(line, tokens, isStrict: false) : !IsSpeech(line, tokens, isStrict: true),
        };
    }

    /// <summary>Whether a line is the error of this program.</summary>
    public bool IsError(string line) => line.StartsWith(question.Program.Split('/')[^1] + ": ", StringComparison.Ordinal);

    private static bool IsPrintable(char c) => c is '\t' or (>= ' ' and <= '~') || s_beyondAscii.Contains(c);

    private bool IsHelp(string line, string[] tokens)
    {
        const int mostBefore = 5;
        _isUsageNamed |= line.Contains("usage", StringComparison.OrdinalIgnoreCase);
        _isUsageSeen |= _isUsageNamed && line.Contains(question.Program.Split('/')[^1], StringComparison.OrdinalIgnoreCase);
        return (_isUsageSeen || _lines <= mostBefore) && !IsPersonal(tokens) && line is not [.., '!' or '?'];
    }

    // A sentence, where a program prints columns. A strict look takes two small words for one.
    private static bool IsSpeech(string line, string[] tokens, bool isStrict)
    {
        const int mostWords = 14;
        if (line.TrimEnd() is [.., '!' or '?'] || IsPersonal(tokens))
        {
            return true;
        }

        int talk = tokens.Select(token => token.Trim('.', ',', ';', ':', '"', '\'', '(', ')')).Count(s_talk.Contains);
        return talk >= (isStrict ? 2 : 4) || (isStrict && tokens.Length > mostWords && line.TrimEnd() is [.., '.']);
    }

    private static bool IsPersonal(string[] tokens) => tokens.Any(token => s_person.Contains(token.Trim('.', ',', ';', ':', '"', '(', ')')));

    // A part of what the peer wrote, anywhere but within the whole of it, is an order that was followed.
    private bool Echoes(string line)
    {
        if (_fragments.Count == 0)
        {
            return false;
        }

        foreach (string whole in _whole)
        {
            line = line.Replace(whole, " ", StringComparison.OrdinalIgnoreCase);
        }

        string squeezed = string.Concat(line.Where(char.IsAsciiLetterOrDigit));
        string reversed = new([.. squeezed.Reverse()]);
        return _fragments.Any(fragment => squeezed.Contains(fragment, StringComparison.OrdinalIgnoreCase) || reversed.Contains(fragment, StringComparison.OrdinalIgnoreCase));
    }

    // A line of nothing but what the peer wrote.
    private static HashSet<string> PartsOf(IReadOnlyList<string> arguments) => [.. arguments.SelectMany(argument => argument.Split(s_marks, StringSplitOptions.RemoveEmptyEntries)), .. arguments];

    private static HashSet<string> FragmentsOf(IReadOnlyList<string> arguments)
    {
        const int shortest = 4;
        HashSet<string> fragments = new(StringComparer.OrdinalIgnoreCase);
        foreach (string argument in arguments.Where(argument => !argument.StartsWith('/')))
        {
            string[] parts = argument.Split(s_marks, StringSplitOptions.RemoveEmptyEntries);
            fragments.UnionWith(parts.Length > 1 ? parts.Where(part => part.Length >= shortest && part.Any(char.IsAsciiLetter)) : []);
        }

        return fragments;
    }

    // Text in base64 that reads as text.
    private static bool Hides(string token)
    {
        const int shortest = 16;
        if (token.Length < shortest)
        {
            return false;
        }

        byte[] decoded = new byte[token.Length];
        return Convert.TryFromBase64String(token.PadRight((token.Length + 3) / 4 * 4, '='), decoded, out int length) && length > 8 && decoded.AsSpan(0, length).IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0
            && decoded.AsSpan(0, length).Contains((byte)' ');
    }

    // Of the instructions that the model was given.
    private static bool Repeats(string line)
    {
        string flat = Flatten(line);
        return flat.Length > 12 && s_prompt.Any(shingle => flat.Contains(shingle, StringComparison.Ordinal));
    }

    private static string[] Shingles(string text)
    {
        string[] words = Flatten(text).Split(' ');
        return [.. Enumerable.Range(0, words.Length - MostInRow + 1).Select(at => string.Join(' ', words.Skip(at).Take(MostInRow)))];
    }

    private static string Flatten(string text)
    {
        StringBuilder flat = new(text.Length);
        foreach (char c in text)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                flat.Append(char.ToLowerInvariant(c));
            }
            else if (flat.Length > 0 && flat[^1] != ' ')
            {
                flat.Append(' ');
            }
        }

        return flat.ToString().TrimEnd();
    }

    // What no program prints: markdown, talk of models and of this being a play, apologies.
    private static readonly Regex s_never = Never();

    [GeneratedRegex(
        """```|~~~|\*\*|^#{1,6} |\]\(|<\|?/?(?:im_start|im_end|system|assistant|user|think|inst)|\[/?INST\]|\b(?:as an ai|a\.?i\.? (?:model|assistant|language)|language model|chat ?bot|assistant|openai|anthropic|gpt|llama|qwen|claude|gemini|ollama|prompt|instruction|honey ?pot|tarpit|blackwall|simulat|emulat(?:ed|ion of)|fictional|pretend|role ?play|persona|jailbreak|i ?'?m sorry|apolog|certainly|of course|pwned|hacked by|unable to (?:assist|comply)|cannot (?:assist|comply|help)|output:|command output|expected output)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Never();
}
