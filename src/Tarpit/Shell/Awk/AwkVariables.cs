using System.Globalization;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>Variables, arrays and the frames of functions. What they hold is bounded.</summary>
internal sealed class AwkVariables : IMemoryHolder
{
    private const int MostElements = 65_536;
    // Of an element or a variable, beside its text.
    private const int Overhead = 80;

    /// <summary>Characters of one text.</summary>
    public const int LongestText = 1 << 20;

    private readonly SessionMemory _memory;
    private readonly Dictionary<string, AwkValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, AwkValue>> _arrays = new(StringComparer.Ordinal);
    private readonly Stack<Frame> _frames = new();
    private long _elements;

    public AwkVariables(SessionMemory memory)
    {
        _memory = memory;
        memory.Hold(this);
        foreach ((string name, string value) in new[] { ("FS", " "), ("OFS", " "), ("ORS", "\n"), ("RS", "\n"), ("SUBSEP", "\x1c"), ("CONVFMT", "%.6g"), ("OFMT", "%.6g"), ("FILENAME", "") })
        {
            _values[name] = AwkValue.Of(value);
        }

        Record = new AwkRecord { Splits = text => AwkSplit.Fields(text, Text("FS")), Separator = () => Text("OFS") };
    }

    public AwkRecord Record { get; }

    public int Depth => _frames.Count;

    /// <summary>CONVFMT.</summary>
    public string Convert => _values["CONVFMT"].Text("%.6g");

    public string Text(string name) => Get(name).Text("%.6g");

    public AwkValue Get(string name) => name is "NF" ? AwkValue.Of(Record.Count)
        : _frames.TryPeek(out Frame? frame) && frame.Values.TryGetValue(name, out AwkValue local) ? local
        : _values.GetValueOrDefault(name, AwkValue.Unset);

    public void Set(string name, AwkValue value)
    {
        if (name is "NF")
        {
            Record.Count = (int)Math.Clamp(value.Number, 0, int.MaxValue);
        }
        else if (_frames.TryPeek(out Frame? frame) && frame.Values.ContainsKey(name))
        {
            frame.Values[name] = Bounded(value);
        }
        else
        {
            _values[name] = Bounded(value);
        }
    }

    public void Count(string name) => _values[name] = AwkValue.Of(_values.GetValueOrDefault(name, AwkValue.Unset).Number + 1);

    public Dictionary<string, AwkValue> Array(string name)
    {
        if (_frames.TryPeek(out Frame? frame) && frame.Values.ContainsKey(name))
        {
            return frame.Arrays.TryGetValue(name, out Dictionary<string, AwkValue>? local) ? local : frame.Arrays[name] = new Dictionary<string, AwkValue>(StringComparer.Ordinal);
        }

        return _arrays.TryGetValue(name, out Dictionary<string, AwkValue>? found) ? found : _arrays[name] = new Dictionary<string, AwkValue>(StringComparer.Ordinal);
    }

    /// <summary>Whether a name is an array here: of the program, or passed to this function.</summary>
    public bool IsArray(string name) => _frames.TryPeek(out Frame? frame) && frame.Values.ContainsKey(name) ? frame.Arrays.ContainsKey(name) : _arrays.ContainsKey(name);

    public AwkValue Element(Dictionary<string, AwkValue> array, string index)
    {
        if (!array.TryGetValue(index, out AwkValue value))
        {
            Put(array, index, value = AwkValue.Unset);
        }

        return value;
    }

    public void Put(Dictionary<string, AwkValue> array, string index, AwkValue value)
    {
        if (array.ContainsKey(index) || _elements++ < MostElements)
        {
            array[index] = Bounded(value);
        }
    }

    /// <summary>A function begins.</summary>
    public void Enter(AwkFunction function, IReadOnlyList<AwkValue> values, IReadOnlyDictionary<string, Dictionary<string, AwkValue>> arrays)
    {
        Frame frame = new();
        for (int i = 0; i < function.Parameters.Count; i++)
        {
            frame.Values[function.Parameters[i]] = i < values.Count ? Bounded(values[i]) : AwkValue.Unset;
        }

        foreach ((string name, Dictionary<string, AwkValue> array) in arrays)
        {
            frame.Arrays[name] = array;
        }

        _frames.Push(frame);
    }

    public void Leave() => _frames.Pop();

    public static int Index(AwkValue value) => (int)Math.Clamp(value.Number, int.MinValue, int.MaxValue);

    public static string Decimal(long number) => number.ToString(CultureInfo.InvariantCulture);

    long IMemoryHolder.BytesHeld(HashSet<object> seen) =>
        _frames.SelectMany(frame => frame.Values.Values).Concat(_values.Values).Sum(value => value.BytesHeld(seen))
        + _arrays.Values.Concat(_frames.SelectMany(frame => frame.Arrays.Values)).Where(seen.Add)
            .Sum(array => array.Sum(element => Overhead + SessionMemory.SizeOf(element.Key, seen) + element.Value.BytesHeld(seen)));

    // What is kept is counted.
    private AwkValue Bounded(AwkValue value)
    {
        if (!_memory.TryGrow(Overhead + (value.Length * sizeof(char))))
        {
            throw new AwkFailureException("out of memory");
        }

        return value.Length > LongestText ? AwkValue.Of(value.Text("%.6g")[..LongestText]) : value;
    }

    private sealed class Frame
    {
        public Dictionary<string, AwkValue> Values { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Dictionary<string, AwkValue>> Arrays { get; } = new(StringComparer.Ordinal);
    }
}
