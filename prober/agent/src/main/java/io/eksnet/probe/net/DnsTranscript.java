package io.eksnet.probe.net;

import io.eksnet.model.Note;
import io.eksnet.model.Timings;
import java.util.ArrayList;
import java.util.List;

/** What one run sees while it goes: its trace and its phases. Lives on one event loop. */
public final class DnsTranscript {
  private static final int LONGEST = 32;

  private final List<Note> notes = new ArrayList<>();
  private final Timings.Builder phases = new Timings.Builder();

  /** Adds a note that the verdict needs. */
  public void add(Note note) {
    notes.add(note);
  }

  /** Adds a line to the trace, unless it is long already. */
  public void saw(String what, String value) {
    if (notes.size() < LONGEST) {
      notes.add(new Note.Saw(what, value));
    }
  }

  /** All that was noted so far. */
  public List<Note> notes() {
    return List.copyOf(notes);
  }

  /** The phases finished so far. */
  public Timings.Builder phases() {
    return phases;
  }
}
