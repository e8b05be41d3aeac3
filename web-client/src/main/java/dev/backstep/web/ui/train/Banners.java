package dev.backstep.web.ui.train;

import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.State;
import dev.backstep.web.train.Kept;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Runner.Site;
import dev.backstep.web.train.Training;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** What the reader should know of the run, with what can be done about it: one thing at a time, the gravest first. */
final class Banners {
    private final Training training;
    private final Starter starter;
    private final ServerOffer offer;
    private final HTMLElement place = Dom.make("div", "train-banners");
    private final HTMLElement words = Dom.make("p", "");
    /** Of what kind the banner is, and what it offers. */
    private List<String> shown = List.of();
    private Choice[] choices = {};

    Banners(Training training, Starter starter, ServerOffer offer, HTMLElement parent) {
        this.training = training;
        this.starter = starter;
        this.offer = offer;
        place.setAttribute("role", "status");
        parent.appendChild(place);
    }

    /** @param missing why the document cannot be trained, or null */
    void show(String missing) {
        RunLog log = training.log();
        Kept offered = training.offered();
        String reason = missing == null ? offer.reason() : null;
        if (training.lost() != null && training.site() == Site.SERVER) {
            banner("bad", lost(training), new Choice(Text.of("train.server.again"), starter::askServer),
                    new Choice(Text.of(training.kept() == null ? "train.server.stay" : "train.server.goOnHere"),
                            training::goOnHere));
        } else if (training.denial() != null) {
            banner("bad", DenialText.of(training.denial(), training.isOpen()),
                    new Choice(Text.of("train.server.noted"), training::forgive));
        } else if (training.lost() != null) {
            banner("bad", lost(training),
                    new Choice(Text.of(training.kept() == null ? "train.startAgain" : "train.goOn"), training::run));
        } else if (log != null && log.failure() != null) {
            banner("bad", Reasons.text(log.failure()));
        } else if (log != null && log.state() == State.DIVERGED && !training.isStale()) {
            long at = log.batch();
            Choice again = new Choice(Text.of("train.startAgain"), training::begin);
            Choice before = new Choice(Text.of("train.goBefore"), () -> training.seek(Math.max(0, at - 1)));
            String text = Text.of("train.diverged", at) + nonFinite(log);
            if (training.site() == Site.SERVER) {
                banner("bad", text + ' ' + Text.of("train.server.noWayBack"));
            } else {
                banner("bad", text, before, again);
            }
        } else if (offered != null) {
            banner("", Text.of("train.offer", offered.batch()),
                    new Choice(Text.of("train.offer.take"), training::takeOffer),
                    new Choice(Text.of("train.offer.refuse"), training::refuseOffer));
        } else if (training.isStale()) {
            Choice restart = new Choice(Text.of("train.stale.restart"), this::again);
            Choice keep = new Choice(Text.of("train.stale.keep"), training::accept);
            if (training.site() == Site.SERVER) {
                banner("", Text.of("train.stale") + ' ' + Text.of("train.server.noEdit"), restart, keep);
            } else if (training.refusal() == null) {
                banner("", Text.of("train.stale"), restart,
                        new Choice(Text.of("train.stale.adopt"), training::adopt), keep);
            } else {
                banner("bad", Text.of("train.stale.refused", Reasons.text(training.refusal())), restart, keep);
            }
        } else if (missing != null && !training.isOpen()) {
            banner("", missing);
        } else if (reason != null) {
            banner("", reason, new Choice(Text.of("train.server.offer.take"), starter::askServer),
                    new Choice(Text.of("train.server.offer.refuse"), offer::refuse));
        } else {
            banner(null, "");
        }
    }

    /** That the run is gone, why, and what there is of it. */
    static String lost(Training training) {
        if (training.site() == Site.SERVER) {
            String what = training.denial() != null ? DenialText.of(training.denial(), training.isOpen())
                    : Text.of("train.server.failed", training.lost());
            return training.kept() == null ? what
                    : what + ' ' + Text.of("train.server.keptHere", training.kept().batch());
        }
        String why = training.lost().isEmpty() ? Text.of("train.lost.silently")
                : Text.of("train.lost", training.lost());
        return training.kept() == null ? why
                : why + ' ' + Text.of("train.lost.kept", training.kept().batch());
    }

    /** Begins anew, and goes on where the run before did. */
    private void again() {
        boolean running = training.isRunning();
        if (training.site() == Site.SERVER) {
            starter.begin();
            return;
        }
        training.begin();
        if (running) {
            training.run();
        }
    }

    private String nonFinite(RunLog log) {
        for (RunEvent.Warning warning : log.warnings().reversed()) {
            if (warning.code().equals("not_finite")) {
                return " " + Warnings.text(training.trained(), warning);
            }
        }
        return "";
    }

    private record Choice(String text, Runnable run) {}

    /** Words may change while a hand is on its way to a button, so the button stays. */
    private void banner(String classes, String text, Choice... offered) {
        choices = offered;
        List<String> kind = new ArrayList<>();
        if (classes != null) {
            kind.add(classes);
        }
        for (Choice choice : offered) {
            kind.add(choice.text());
        }
        Dom.text(words, text);
        if (kind.equals(shown)) {
            return;
        }
        shown = kind;
        Dom.clear(place);
        if (classes == null) {
            return;
        }
        HTMLElement banner = Dom.make("div", "train-banner " + classes, words);
        if (offered.length > 0) {
            HTMLElement buttons = Dom.make("div", "buttons");
            for (int i = 0; i < offered.length; i++) {
                int which = i;
                buttons.appendChild(Dom.button("action outlined", null, offered[i].text(),
                        () -> choices[which].run().run()));
            }
            banner.appendChild(buttons);
        }
        place.appendChild(banner);
    }
}
