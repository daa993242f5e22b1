using System.Text;

namespace Blackwall.Lab.Tools;

/// <summary>Keeps the end of a text that may grow without end. Safe for several threads.</summary>
public sealed class BoundedText(int capacity)
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    public void AppendLine(string line)
    {
        lock (_gate)
        {
            _text.Append(line).Append('\n');
            if (_text.Length > capacity)
            {
                _text.Remove(0, _text.Length - capacity);
            }
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return _text.ToString();
        }
    }
}
