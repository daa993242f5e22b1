using System.Buffers.Binary;
using System.Globalization;

namespace Blackwall.Fingerprints.Wire;

/// <summary>The options of a SYN (RFC 9293 §3.2), in their order, and those values that tell stacks apart. A kind counts where it comes first.</summary>
internal ref struct SynOptions
{
    /// <summary>40 bytes of options whose kinds are unknown and which say nothing but their kind.</summary>
    public const int LongestText = 20 * 4;

    private const byte End = 0;
    private const byte Nothing = 1;
    private const ushort FastOpenExperiment = 0xf989;

    private readonly Span<char> _text;

    private SynOptions(Span<char> text)
    {
        _text = text;
        Length = 0;
        Mss = null;
        Scale = null;
        Time = null;
        Echo = 0;
        EndsDirty = false;
    }

    /// <summary>Characters written.</summary>
    public int Length { get; private set; }

    public ushort? Mss { get; private set; }

    /// <summary>Shift count of the window; RFC 7323 §2.2 allows 14.</summary>
    public byte? Scale { get; private set; }

    /// <summary>TSval (RFC 7323 §3.2).</summary>
    public uint? Time { get; private set; }

    /// <summary>TSecr, which a SYN has no use for.</summary>
    public uint Echo { get; private set; }

    /// <summary>Something follows the end of the options.</summary>
    public bool EndsDirty { get; private set; }

    /// <summary>Reads options and writes a letter for each into <paramref name="text"/>, which has room for <see cref="LongestText"/>.</summary>
    public static SynOptions Read(ReadOnlySpan<byte> options, Span<char> text)
    {
        SynOptions read = new(text);
        while (!options.IsEmpty)
        {
            byte kind = options[0];
            if (kind == End)
            {
                read.Write('e');
                read.Write(options.Length - 1);
                read.EndsDirty = options[1..].ContainsAnyExcept((byte)0);
                break;
            }

            int length = kind == Nothing ? 1 : options.Length > 1 ? options[1] : 0;
            if (length > options.Length || (kind != Nothing && length < 2))
            {
                read.Write('b');
                break;
            }

            read.ReadOption(kind, options[..length]);
            options = options[length..];
        }

        return read;
    }

    // A known kind of another length than its RFC gives it is no such option.
    private void ReadOption(byte kind, ReadOnlySpan<byte> option)
    {
        switch (kind, option.Length)
        {
            case (Nothing, _):
                Write('n');
                break;
            case (2, 4):
                Mss ??= BinaryPrimitives.ReadUInt16BigEndian(option[2..]);
                Write('m');
                break;
            case (3, 3):
                Scale ??= option[2];
                Write('w');
                break;
            case (4, 2):
                Write('s');
                break;
            case (8, 10):
                if (Time is null)
                {
                    Time = BinaryPrimitives.ReadUInt32BigEndian(option[2..]);
                    Echo = BinaryPrimitives.ReadUInt32BigEndian(option[6..]);
                }

                Write('t');
                break;
            case (19, 18):
                Write('d');
                break;
            case (29, >= 4):
                Write('a');
                break;
            case (30, >= 3):
                Write('p');
                break;
            case (34, _):
            case (254, >= 4) when BinaryPrimitives.ReadUInt16BigEndian(option[2..]) == FastOpenExperiment:
                Write('f');
                break;
            default:
                Write('x');
                Write(kind);
                break;
        }
    }

    private void Write(char letter) => _text[Length++] = letter;

    private void Write(int number)
    {
        number.TryFormat(_text[Length..], out int written, provider: CultureInfo.InvariantCulture);
        Length += written;
    }
}
