using System.Text;

namespace Blackwall.Tarpit.Http.Wire;

/// <summary>Request line and header fields of a request, and what is wrong with them.</summary>
internal sealed class RequestHead
{
    public const int LongestLine = 8190;
    public const int MostFields = 100;

    private readonly List<HeaderField> _fields = [];

    public RequestHead(RequestLine line) => Line = line;

    public RequestLine Line { get; }

    public IReadOnlyList<HeaderField> Fields => _fields;

    /// <summary>What httpd says about a field that is none, HTML; null: nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>All values of a field, joined as RFC 9110 §5.3 says; null: it is not there.</summary>
    public string? this[string name]
    {
        get
        {
            string? found = null;
            foreach (HeaderField field in _fields)
            {
                if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))
                {
                    found = found is null ? field.Value : $"{found}, {field.Value}";
                }
            }

            return found;
        }
    }

    /// <summary>Whether a field that is a list has an element, in any case.</summary>
    public bool Has(string name, string element) =>
        this[name]?.Split(',').Any(part => part.AsSpan().Trim(" \t").Equals(element, StringComparison.OrdinalIgnoreCase)) ?? false;

    /// <summary>Adds the next line of the head; not the empty one that ends it. After a fault nothing is added.</summary>
    /// <param name="line">Without its end.</param>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (Fault is not null)
        {
            return;
        }

        if (line[0] is (byte)' ' or (byte)'\t')
        {
            // A folded line goes on with the field before it (RFC 9112 §5.2).
            if (_fields.Count == 0)
            {
                Fault = "";
                return;
            }

            HeaderField last = _fields[^1];
            string value = $"{last.Value} {Text(line)}".Trim();
            if (value.Length > LongestLine)
            {
                Fault = "Size of a request header field exceeds server limit.";
                return;
            }

            _fields[^1] = last with { Value = value };
            return;
        }

        if (_fields.Count == MostFields)
        {
            Fault = "The number of request header fields exceeds this server's limit.";
            return;
        }

        int colon = line.IndexOf((byte)':');
        if (colon < 0 || !RequestLine.IsToken(line[..colon]) || HasControl(line[(colon + 1)..]))
        {
            Fault = "";
        }
        else
        {
            _fields.Add(new HeaderField(Encoding.Latin1.GetString(line[..colon]), Text(line[(colon + 1)..])));
        }
    }

    private static bool HasControl(ReadOnlySpan<byte> value)
    {
        foreach (byte b in value)
        {
            if (b is < 0x20 and not (byte)'\t' or 0x7F)
            {
                return true;
            }
        }

        return false;
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value.Trim(" \t"u8));
}
