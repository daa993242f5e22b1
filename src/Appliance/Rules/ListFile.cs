using Blackwall.Pipeline.Model;

namespace Blackwall.Rules;

/// <summary>A file of addresses and prefixes that the configuration names, and whether it has changed since it was read.</summary>
internal sealed class ListFile(string path, int maxScopes)
{
    private Stamp _read;
    private Stamp _seen;

    public string Path => path;

    /// <summary>What it said when it was read last; null: it never could be.</summary>
    public IReadOnlyList<Prefix>? Scopes { get; private set; }

    /// <summary>What was wrong with it then, a sentence each.</summary>
    public IReadOnlyList<(string Where, string Error)> Faults { get; private set; } = [];

    /// <summary>Whether it is another file than the one that was read, and nobody is at it any more: it looks as it did at the last call.</summary>
    public bool HasChanged()
    {
        Stamp now = Stamp.Read(path);
        bool isQuiet = now == _seen;
        _seen = now;
        return isQuiet && now != _read;
    }

    /// <summary>Reads it. False: it cannot be read, and what it said before stands.</summary>
    public bool TryRead()
    {
        _seen = _read = Stamp.Read(path);
        try
        {
            (List<Prefix> scopes, _, List<(int Line, string Error)> errors) = Netset.Parse(File.ReadAllText(path), maxScopes);
            Scopes = scopes;
            Faults = [.. errors.Select(error => ($"{path}:{error.Line}", error.Error))];
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Faults = [(path, $"cannot be read: {failure.Message}")];
            return false;
        }
    }

    private readonly record struct Stamp(DateTime Written, long Length)
    {
        public static Stamp Read(string path)
        {
            FileInfo file = new(path);
            return file.Exists ? new Stamp(file.LastWriteTimeUtc, file.Length) : default;
        }
    }
}
