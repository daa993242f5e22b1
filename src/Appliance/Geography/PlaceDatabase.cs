using System.Globalization;
using System.Net;
using Blackwall.Pipeline.Model;
using MaxMind.Db;

namespace Blackwall.Geography;

/// <summary>A database file that somebody else made: whatever is wrong with it is a sentence, and looking something up in it never throws.</summary>
internal sealed class PlaceDatabase : IDisposable
{
    private const long MaxBytes = 256L << 20;

    private readonly string _path;
    private readonly Reader? _reader;
    private string? _fault;

    /// <param name="path">The file; empty: there is none.</param>
    public PlaceDatabase(string path)
    {
        _path = path;
        if (path.Length == 0)
        {
            return;
        }

        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                _fault = string.Create(CultureInfo.InvariantCulture, $"{path} is larger than {MaxBytes >> 20} MiB.");
                return;
            }

            // In memory: a mapped file that is cut while it is used ends the process.
            _reader = new Reader(path, FileAccessMode.Memory);
        }
        catch (Exception failure) when (IsOfTheFile(failure))
        {
            _fault = $"{path} cannot be used: {failure.Message}";
        }
    }

    public bool IsOpen => _reader is not null;

    /// <summary>Why nothing, or not everything, can be looked up; null: all is well.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    public T? Find<T>(Address address)
        where T : class
    {
        try
        {
            return _reader?.Find<T>(address.ToIPAddress());
        }
        catch (Exception failure) when (IsOfTheFile(failure))
        {
            Volatile.Write(ref _fault, $"{_path} is damaged: {failure.Message}");
            return null;
        }
    }

    /// <summary>The networks whose record is wanted, at most so many.</summary>
    public IReadOnlyList<Prefix> Networks<T>(Func<T, bool> isWanted, int most)
        where T : class
    {
        List<Prefix> found = [];
        try
        {
            foreach (Reader.ReaderIteratorNode<T> node in _reader?.FindAll<T>() ?? [])
            {
                if (node.Data is { } data && isWanted(data) && found.Count < most)
                {
                    found.Add(PrefixOf(node.Start, node.PrefixLength));
                }
            }
        }
        catch (Exception failure) when (IsOfTheFile(failure))
        {
            Volatile.Write(ref _fault, $"{_path} is damaged: {failure.Message}");
        }

        return found;
    }

    public void Dispose() => _reader?.Dispose();

    // In a database of IPv6 those of IPv4 lie below ::/96.
    private static Prefix PrefixOf(IPAddress start, int length)
    {
        Address address = Address.From(start);
        return address is { IsV4: false } && length >= 96 && address.Value <= uint.MaxValue ? Prefix.Around(Address.FromV4((uint)address.Value), length - 96)
            : Prefix.Around(address, Math.Min(length, address.Bits));
    }

    private static bool IsOfTheFile(Exception failure) => failure
        is InvalidDatabaseException or DeserializationException or IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or OverflowException or IndexOutOfRangeException or NotSupportedException or InvalidCastException;
}
