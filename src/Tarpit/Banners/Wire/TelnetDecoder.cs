using System.Text;

namespace Blackwall.Tarpit.Banners.Wire;

/// <summary>Takes telnet's commands out of what a client sends (RFC 854, 1073, 1091), in pieces cut anywhere. One client; bounded.</summary>
internal sealed class TelnetDecoder
{
    private const byte Iac = 255;
    private const byte SubNegotiation = 250;
    private const byte SubEnd = 240;
    private const byte WindowSize = 31;
    private const byte TerminalType = 24;
    private const int LongestOption = 256;

    private readonly List<byte> _option = [];
    private State _state;
    private bool _wasReturn;

    private enum State
    {
        Data,
        Command,
        Negotiation,
        Option,
        OptionCommand,
    }

    /// <summary>In characters, once the client said it; 0: it did not.</summary>
    public int Columns { get; private set; }

    public int Rows { get; private set; }

    public string? Terminal { get; private set; }

    /// <summary>The client answered some negotiation: it is a telnet client, not a raw connection.</summary>
    public bool Negotiates { get; private set; }

    /// <summary>Decodes some bytes. The end of a line, CR LF, CR NUL or LF, is one CR.</summary>
    /// <param name="output">As long as the input.</param>
    /// <returns>Bytes of output.</returns>
    public int Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int length = 0;
        foreach (byte value in input)
        {
            switch (_state)
            {
                case State.Data when value == Iac:
                    _state = State.Command;
                    break;
                case State.Data:
                    bool isRest = _wasReturn && (value == 10 || value == 0);
                    _wasReturn = value == '\r';
                    if (!isRest)
                    {
                        output[length++] = value == '\n' ? (byte)'\r' : value;
                    }

                    break;
                case State.Command:
                    Negotiates |= value is >= SubNegotiation and < Iac;
                    if (value == Iac)
                    {
                        output[length++] = Iac;
                    }

                    _state = value is >= 251 and <= 254 ? State.Negotiation : value == SubNegotiation ? State.Option : State.Data;
                    _option.Clear();
                    break;
                case State.Negotiation:
                    _state = State.Data;
                    break;
                case State.Option when value == Iac:
                    _state = State.OptionCommand;
                    break;
                case State.Option:
                    Add(value);
                    break;
                case State.OptionCommand:
                    if (value == Iac)
                    {
                        Add(value);
                        _state = State.Option;
                        break;
                    }

                    _state = State.Data;
                    if (value == SubEnd)
                    {
                        EndOption();
                    }

                    break;
            }
        }

        return length;
    }

    private void Add(byte value)
    {
        if (_option.Count < LongestOption)
        {
            _option.Add(value);
        }
    }

    private void EndOption()
    {
        if (_option is [WindowSize, var wide, var columns, var high, var rows])
        {
            (Columns, Rows) = ((wide << 8) | columns, (high << 8) | rows);
        }
        else if (_option is [TerminalType, 0, ..])
        {
            Terminal = Encoding.ASCII.GetString([.. _option.Skip(2).Where(value => value is > 32 and < 127)]).ToLowerInvariant();
        }
    }
}
