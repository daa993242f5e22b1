namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>The record that is looked at and its fields: either follows a change of the other. The number of fields is bounded.</summary>
internal sealed class AwkRecord
{
    private const int MostFields = 32_768;
    private readonly List<string> _fields = [];
    private string _whole = "";
    private bool _isSplit = true;
    private bool _isJoined = true;

    /// <summary>Splits a text as the fields of a record are split.</summary>
    public required Func<string, IEnumerable<string>> Splits { get; init; }

    /// <summary>OFS.</summary>
    public required Func<string> Separator { get; init; }

    public int Count
    {
        get
        {
            Split();
            return _fields.Count;
        }

        set
        {
            Split();
            int wanted = Math.Clamp(value, 0, MostFields);
            if (wanted < _fields.Count)
            {
                _fields.RemoveRange(wanted, _fields.Count - wanted);
            }

            while (_fields.Count < wanted)
            {
                _fields.Add("");
            }

            _isJoined = false;
        }
    }

    public string Get(int index)
    {
        if (index <= 0)
        {
            if (!_isJoined)
            {
                (_whole, _isJoined) = (string.Join(Separator(), _fields), true);
            }

            return _whole;
        }

        Split();
        return index <= _fields.Count ? _fields[index - 1] : "";
    }

    public void Set(int index, string value)
    {
        if (index <= 0)
        {
            (_whole, _isJoined, _isSplit) = (value, true, false);
            return;
        }

        Split();
        if (index > MostFields)
        {
            return;
        }

        Count = Math.Max(index, _fields.Count);
        _fields[index - 1] = value;
        _isJoined = false;
    }

    private void Split()
    {
        if (_isSplit)
        {
            return;
        }

        _fields.Clear();
        _fields.AddRange(Splits(_whole).Take(MostFields));
        _isSplit = true;
    }
}
